"""Mail in and letters out: raw bytes, messages and attachments, the outbox, drafts, standard and letters' texts."""

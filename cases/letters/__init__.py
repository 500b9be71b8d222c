"""Letters out: their kinds and what each may not do, their texts, drafts, paper, and what the outbox is asked."""

"""The text of attached files: Word, OpenDocument, RTF, plain text, PDF; each reader takes bytes and returns text."""

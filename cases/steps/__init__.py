"""The steps of the flow, each in the caller's transaction: receive, suggest, confirm, work, answer, end."""

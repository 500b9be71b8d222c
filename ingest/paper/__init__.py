"""Letters on paper and attached documents: read in a process of their own, within limits."""

"""What time alone brings: promises kept, deadlines told of, and what the law wants remembered."""

"""What is measured beside one another, each in a process of its own."""

"""What ``lyhord check`` tries, each in a module of its own; ``everything`` makes them in order."""

"""Documents handed out on request (utlämnande): what is masked in them, the package, and the decision to refuse."""

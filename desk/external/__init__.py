"""For others than staff: the API, the public register and citizens' own cases, and machines that watch."""

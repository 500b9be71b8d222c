"""The only place that knows everybody: bootstrap, schedule, command line, demo."""

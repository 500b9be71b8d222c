"""How the running of the service is watched: health, figures, alarms, the probe letter and the clock."""

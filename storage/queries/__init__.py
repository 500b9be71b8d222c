"""What pages, reports, sweeps and the model ask of the store; each question of the desk authorises in its query."""

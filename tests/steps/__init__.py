"""The flow's steps on a real store of either kind, with real templates; only the clock and the model are played."""

"""Everything a demonstration needs on one machine: mail servers on loopback, sample letters, and their posting."""

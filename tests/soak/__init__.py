"""The soak: the whole daemon among faulty networks, servers, disks and clocks, and what must be true all the same."""

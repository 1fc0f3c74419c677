"""A deterministic simulator: the real cores and the real shell under schedules made from a seed."""

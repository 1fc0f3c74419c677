"""Events become rows: the projector, the batches that it writes, and what follows from a batch."""

"""Events become rows: the projector, the batches that it writes, and the work that a batch leads to."""

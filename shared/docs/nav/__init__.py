"""The author's order, in each way of writing it down."""

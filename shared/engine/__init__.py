"""The two engines behind one port."""

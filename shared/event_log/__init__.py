"""The event log: the port, JetStream, memory, and the topology."""

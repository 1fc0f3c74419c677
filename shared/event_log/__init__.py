"""The event log: the port, JetStream, and the topology."""

"""The stack on one machine: a private nats-server and PostgreSQL, the services, and what supervises them."""

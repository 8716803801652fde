"""Messages to people: an outbox written with the change it tells of, and what carries it out of the house."""

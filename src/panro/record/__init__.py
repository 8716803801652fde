"""The append-only record: what was done, by whom, when, sealed in a chain whose head is published."""

"""Stand-ins for the services at which members log in."""

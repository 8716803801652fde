"""Stand-ins on the wire, for demonstrations and tests. They refuse to start on a public site."""

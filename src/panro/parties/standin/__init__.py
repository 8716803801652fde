"""Stand-ins for services of others, on the wire; they refuse to run on a public site."""

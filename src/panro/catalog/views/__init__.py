"""Pages of a party's products."""

"""Products of a party with their disclosures, pictures and certificates."""

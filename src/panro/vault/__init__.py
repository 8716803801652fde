"""Papers and facts of a party, given once, with source and validity, and the consents under which they are read."""

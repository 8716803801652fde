"""The rehearsal (모의 운영): a whole year run on a population that exists only in figures, before a real one begins."""

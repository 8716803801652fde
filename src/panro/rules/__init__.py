"""The rules of a year, pure and typed: editions, eligibility, scoring, selection, and the kinds of support."""

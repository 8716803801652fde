"""Reviewers, their conflicts, assignment, scores, and the sealing of an evaluation."""

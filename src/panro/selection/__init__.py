"""Selections: what has been published of a round, so that anyone can read it, find a line and recompute it."""

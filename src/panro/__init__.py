"""Panro: a year of support programmes that bring small merchants online."""

"""Requirement review (요건검토): the officer's desk, cases, decisions, sanctions."""

"""A rehearsal through the rooms: the invented applicants register, tell, apply and withdraw by the same acts as real ones.

What the office does (judging, evaluating, selecting) stays the rehearsal's own.
"""

"""A rehearsal through the rooms: invented applicants register, tell, apply and withdraw by the acts of real ones.

What the office does (judging, evaluating, selecting) stays the rehearsal's own.
"""

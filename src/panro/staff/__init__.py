"""The agency's own people: their roles, what takes two of them, and the frame of their pages."""

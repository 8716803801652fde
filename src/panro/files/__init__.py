"""Files people hand in: taken in, examined, kept, handed out, destroyed."""

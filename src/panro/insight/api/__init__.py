"""The read API: shapes of what it gives, the table of its operations, the door through which every answer goes."""

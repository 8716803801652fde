"""A year's programmes in the database: versions that never change once published, and the pages that show them."""

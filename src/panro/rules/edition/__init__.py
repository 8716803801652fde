"""A year as data: typed models, loading with errors that name the place, comparing and writing."""

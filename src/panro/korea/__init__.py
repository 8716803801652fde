"""Korean facts in code: numbers, regions and industries by date, size limits, papers and business days.

Pure Python: knows no database and no clock. Every table lies in `data/` as TOML with a source per row.
"""

"""Spreadsheets of products, in and out: XLSX, and CSV in UTF-8 or in the old Korean code page."""

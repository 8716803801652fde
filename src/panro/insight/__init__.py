"""Season figures, exports, open data and the read API: this room reads, and changes no case."""

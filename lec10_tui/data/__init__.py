"""Data sets: shipped, fetched, one's own."""

"""Lesson 5: what the encoder saves, and what it costs."""

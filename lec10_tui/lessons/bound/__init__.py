"""Lesson 3: why a lower bound, and how loose it is."""

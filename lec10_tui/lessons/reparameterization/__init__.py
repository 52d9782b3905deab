"""Lesson 4: how one differentiates through a sample."""

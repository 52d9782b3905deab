"""Textual shells over drawing: the panels, the lesson screen and everything round them."""

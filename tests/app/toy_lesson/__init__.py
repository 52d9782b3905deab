"""A lesson that shows a number, for the app's tests."""

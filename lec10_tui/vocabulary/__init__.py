"""The words every room shares: knobs, commands, parts, frames, readings, verdicts, reports.

Frozen values of the standard library and numpy, nothing else: what crosses from the worker thread to the
screen, from a file to an experiment, and from a flag to a knob is always one of these.
"""

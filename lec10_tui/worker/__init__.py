"""The worker: one background thread that drives one experiment and answers requests for frames.

`thread.Worker` is what a screen talks to, `drive.drive` the same without a screen; the rest are its parts, each of them
testable without a thread.
"""

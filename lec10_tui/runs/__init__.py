"""What lasts: run folders, checkpoints, metrics, recorded frames, exports; a thread of its own writes to the disk."""

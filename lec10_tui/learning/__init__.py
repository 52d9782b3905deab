"""The mathematics of the lecture in pure torch: one idea a file, no thread, no printing."""

"""`lec10 bench`: measures the whole program from outside, each figure as a ratio or a percentile inside one run."""

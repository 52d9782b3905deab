"""lec10: one lecture on generative models and policy gradients, as an instrument in a terminal."""

__version__ = "0.1.0"

"""The numbers of the lessons found another way: closed forms, torch.distributions, quadrature, finite differences.

All in float64, and none imports the rest of `learning`: models come in as plain functions.
"""

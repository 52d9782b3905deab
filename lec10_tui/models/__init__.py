"""Trained models as the lessons meet them: the images a model sees, its weights, importance sampling, a saved VAE."""

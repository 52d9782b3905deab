"""Lesson 2: train a variational autoencoder (slides: VAE · Variational Inference · Summary)."""

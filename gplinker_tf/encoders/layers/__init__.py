"""Keras layers that encoders are made of."""

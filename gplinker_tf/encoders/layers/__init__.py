"""Keras layers that encoders are built from."""

"""Graphs that run as they were traced: optimizing them is a good part of a first step's time."""


def trace_quickly():
    """Turn off TensorFlow's graph optimizer in this process, without starting TensorFlow."""
    import tensorflow

    tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})

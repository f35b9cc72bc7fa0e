"""Activations that scripts use."""

from __future__ import annotations

from gplinker_tf.backend import keras, tf


def gelu_erf(x: tf.Tensor) -> tf.Tensor:
    """Return GELU, computed with the error function."""
    return tf.nn.gelu(x, approximate=False)


def gelu_tanh(x: tf.Tensor) -> tf.Tensor:
    """Return GELU in its tanh approximation."""
    return tf.nn.gelu(x, approximate=True)


def set_gelu(version: str) -> None:
    """Choose what `"gelu"` means for models and layers built from now on: "erf" or "tanh".

    Keras 3's own layers, such as `Dense`, keep the erf form.
    """
    functions = {"erf": gelu_erf, "tanh": gelu_tanh}
    if version.lower() not in functions:
        raise ValueError(f"Expected 'erf' or 'tanh'. Received: version={version!r}.")
    keras.utils.get_custom_objects()["gelu"] = functions[version.lower()]


def swish(x: tf.Tensor) -> tf.Tensor:
    """Return `x * sigmoid(x)`."""
    return tf.nn.silu(x)


def leaky_relu(x: tf.Tensor, alpha: float = 0.2) -> tf.Tensor:
    """Return `max(x, alpha * x)`, for `alpha` up to 1."""
    return tf.nn.leaky_relu(x, alpha=alpha)

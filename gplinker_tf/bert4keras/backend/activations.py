"""Activations that scripts name."""

from __future__ import annotations

from gplinker_tf.backend import keras, tf


def gelu_erf(x: tf.Tensor) -> tf.Tensor:
    """GELU by the error function."""
    return tf.nn.gelu(x, approximate=False)


def gelu_tanh(x: tf.Tensor) -> tf.Tensor:
    """GELU by its tanh approximation."""
    return tf.nn.gelu(x, approximate=True)


def set_gelu(version: str) -> None:
    """Chooses what `"gelu"` means to models and layers made from now on: "erf" or "tanh".

    Keras 3's own layers, as `Dense`, keep theirs, the erf form.
    """
    functions = {"erf": gelu_erf, "tanh": gelu_tanh}
    if version.lower() not in functions:
        raise ValueError(f"Expected 'erf' or 'tanh'. Received: version={version!r}.")
    keras.utils.get_custom_objects()["gelu"] = functions[version.lower()]


def swish(x: tf.Tensor) -> tf.Tensor:
    """`x * sigmoid(x)`."""
    return tf.nn.silu(x)


def leaky_relu(x: tf.Tensor, alpha: float = 0.2) -> tf.Tensor:
    """`max(x, alpha * x)`, for `alpha` up to 1."""
    return tf.nn.leaky_relu(x, alpha=alpha)

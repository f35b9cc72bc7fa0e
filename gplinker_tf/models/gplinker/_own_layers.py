"""Support for custom layers and losses in place of the pointers and their loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gplinker_tf._token_pairs import valid_pairs
from gplinker_tf.backend import keras, tf
from gplinker_tf.errors import InputError
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors


def restored(given: Any) -> Any:
    """Return the argument, rebuilt if it is a configuration.

    Raises:
        InputError: its class or function is not registered with Keras.
    """
    if not isinstance(given, dict):
        return given
    try:
        return keras.utils.deserialize_keras_object(given)
    except (TypeError, ValueError) as error:
        name = given.get("registered_name") or given["class_name"]
        received = str(error).split(". ")[0].rstrip(".")  # the whole configuration follows
        raise InputError(
            f"Expected {name} to be registered with Keras. Received: {received}. Decorate it with "
            "keras.utils.register_keras_serializable(), and import its module before the model is "
            "loaded."
        ) from error


def expect_labels(layer: Any, name: str, labels: int, hidden_size: int) -> None:
    """Build a layer and check that it scores all pairs for each label.

    Raises:
        ValueError: it is not a layer, its output has the wrong shape, or a pointer for relations
            masks objects that come before their subjects.
    """
    if not isinstance(layer, keras.layers.Layer):
        raise ValueError(
            f"Expected a layer as {name}. Received: {name}={layer!r}. To choose between the "
            "pointers of this package, use pointer."
        )
    layer.supports_masking = True  # otherwise Keras warns about the mask
    with tf.name_scope(name):
        logits = layer(tf.zeros([1, 3, hidden_size]), mask=tf.ones([1, 3], tf.bool))
    if tuple(logits.shape) != (1, labels, 3, 3):
        raise ValueError(
            f"Expected a layer from [1, 3, {hidden_size}] to logits [1, {labels}, 3, 3] as {name}. "
            f"Received: {layer.name!r}, which returns {list(logits.shape)}. It needs a score for "
            f"each of {labels} labels and each pair of tokens."
        )
    if name != "entity" and gives_factors(layer) and layer.tril_mask:
        raise ValueError(
            f"Expected a {name} that scores objects before and after their subjects. Received: "
            f"{layer.name!r} with tril_mask=True. Pass tril_mask=False to it, and most likely "
            "RoPE=False."
        )


def gives_factors(layer: Any) -> bool:
    """Return whether a layer's factors give its scores; not if a subclass overrides `call`."""
    pointers = EfficientGlobalPointer, GlobalPointer
    return isinstance(layer, pointers) and type(layer).call is EfficientGlobalPointer.call


def layer_scores(
    layer: Any, hidden: tf.Tensor, mask: tf.Tensor, tril_mask: bool
) -> PointerFactors | tf.Tensor:
    """Return the factors of a pointer, or the logits of any other layer.

    Args:
        layer: a pointer, or another layer.
        hidden: `[B, L, D]`.
        mask: bool `[B, L]`, True on tokens.
        tril_mask: whether to mask pairs with the end before the start in logits.
    """
    if gives_factors(layer):
        return layer.factors(hidden)
    logits = layer(hidden, mask=mask)
    valid = valid_pairs(mask, tf.shape(hidden)[1], tril_mask)
    assert valid is not None, "there is a mask"
    return tf.where(valid[:, None], logits, tf.constant(-float("inf"), logits.dtype))


def losses_of_texts(
    pair_loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor], labels: tf.Tensor, logits: tf.Tensor
) -> tf.Tensor:
    """Return the values of a loss function, `[B]`.

    Raises:
        ValueError: it does not return one value per text.
    """
    losses = pair_loss(labels, logits)
    if losses.shape.rank != 1:
        raise ValueError(
            "Expected a pair_loss that returns one value per text, shape [B]. Received: "
            f"{getattr(pair_loss, '__name__', pair_loss)!r}, which returns shape {losses.shape}. "
            "Sum or average over labels and pairs, not over texts."
        )
    return losses

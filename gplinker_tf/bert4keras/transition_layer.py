"""The common base of bert4keras's two layers for sequence labeling."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.backend import sequence_masking
from gplinker_tf.bert4keras.layer import Layer


class TransitionLayer(Layer):
    """Abstract: a layer that returns label scores unchanged and has its own loss for them.

    Padding gets the score -inf, so that loss and accuracy ignore it.

    Args:
        lr_multiplier: learning-rate multiplier for the layer's weights.
        **kwargs: standard Keras layer arguments.
    """

    def __init__(self, lr_multiplier: float = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lr_multiplier = lr_multiplier

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def call(self, inputs: Any, mask: Any = None) -> tf.Tensor:
        return sequence_masking(inputs, mask, -float("inf"), 1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def sparse_loss(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the loss for label indices.

        Args:
            y_true: `[B, L]` or `[B, L, 1]`, of any dtype.
            y_pred: the layer's output, `[B, L, K]`.
        """
        raise NotImplementedError

    def sparse_accuracy(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the accuracy over tokens, for label indices."""
        raise NotImplementedError

    def dense_accuracy(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the accuracy over tokens, for one-hot labels `[B, L, K]`."""
        return self.sparse_accuracy(tf.argmax(y_true, axis=2), y_pred)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "lr_multiplier": self.lr_multiplier}

    def _add_scaled(self, name: str, shape: tuple[int, int]) -> Any:
        """Add a weight that is stored divided by the multiplier, so that its steps are larger."""
        drawn = keras.initializers.GlorotUniform()

        def initializer(shape: Any, dtype: Any = None, **kwargs: Any) -> tf.Tensor:
            return drawn(shape, dtype=dtype) / self.lr_multiplier

        return self.add_weight(name=name, shape=shape, initializer=initializer)

    def _scaled(self, weight: Any) -> tf.Tensor:
        weight = tf.convert_to_tensor(weight)
        return weight if self.lr_multiplier == 1 else self.lr_multiplier * weight


def exact(scores: tf.Tensor) -> tf.Tensor:
    """Return scores in at least float32."""
    return scores if scores.dtype == tf.float64 else tf.cast(scores, tf.float32)


def tokens_of(y_pred: tf.Tensor) -> tf.Tensor:
    """Return a mask, bool `[B, L]`: True on tokens, False on padding."""
    return tf.reduce_all(tf.not_equal(y_pred, -float("inf")), axis=2)


def numbers_of(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """Return label indices, int `[B, L]`, whatever shape and dtype Keras gave them."""
    return tf.cast(tf.reshape(y_true, tf.shape(y_pred)[:-1]), tf.int32)


def mean_over_tokens(values: tf.Tensor, tokens: tf.Tensor) -> tf.Tensor:
    """Return the mean of `[B, L]` over all tokens except padding."""
    tokens = tf.cast(tokens, values.dtype)
    return tf.reduce_sum(values * tokens) / tf.reduce_sum(tokens)


def share_right(y_true: tf.Tensor, y_pred: tf.Tensor, tokens: tf.Tensor) -> tf.Tensor:
    """Return the share of tokens whose label has the highest score."""
    right = tf.equal(y_true, tf.argmax(y_pred, axis=2, output_type=tf.int32))
    return mean_over_tokens(tf.cast(right, tf.float32), tokens)

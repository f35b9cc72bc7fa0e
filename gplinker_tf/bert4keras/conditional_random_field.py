"""bert4keras's conditional random field."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.log_partition import log_partition
from gplinker_tf.bert4keras.transition_layer import (
    TransitionLayer,
    exact,
    numbers_of,
    share_right,
    tokens_of,
)


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class ConditionalRandomField(TransitionLayer):
    """A linear-chain conditional random field over the labels of a text's tokens.

        loss = log sum over paths of exp(score) - score of the labels,
        score(y) = sum_t scores[t, y_t] + sum_t trans[y_t, y_t+1]

    The layer returns its inputs with -inf at padding: compile the model with `layer.sparse_loss`
    or `layer.dense_loss`, and decode with `snippets.ViterbiDecoder`. Its weight is `trans`,
    `[K, K]`, from one label to the next.

    Args:
        lr_multiplier: learning-rate multiplier for the transitions.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: scores, `[B, L, K]`.
        mask: bool `[B, L]`, True on tokens.

    Example:

    >>> layer = ConditionalRandomField(lr_multiplier=10)
    >>> scores = layer(tf.zeros([1, 3, 2]))
    >>> layer.set_weights([tf.zeros([2, 2]).numpy()])
    >>> print(layer.sparse_loss([[0, 1, 1]], scores).numpy())    # one of 2^3 paths
    [2.0794415]

    Source: bert4keras 0.11.5, `layers.ConditionalRandomField`; https://kexue.fm/archives/5542.
    """

    def build(self, input_shape: Any) -> None:
        self._trans = self._add_scaled("trans", (input_shape[-1], input_shape[-1]))
        self.built = True

    @property
    def trans(self) -> tf.Tensor:
        """The transitions, `[K, K]`."""
        return self._scaled(self._trans)

    def target_score(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Return the score of each text's label path, `[B]`.

        Args:
            y_true: one-hot labels `[B, L, K]`, 0 at padding.
            y_pred: scores `[B, L, K]`, finite.
        """
        trans = tf.cast(self.trans, y_pred.dtype)
        following = tf.matmul(y_true[:, :-1], trans) * y_true[:, 1:]
        return tf.reduce_sum(y_true * y_pred, [1, 2]) + tf.reduce_sum(following, [1, 2])

    def dense_loss(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the loss of each text, `[B]`, for one-hot labels.

        Args:
            y_true: `[B, L, K]`.
            y_pred: the layer's output, `[B, L, K]`.
        """
        y_pred = exact(y_pred)
        tokens = tokens_of(y_pred)
        y_true, y_pred = (
            tf.where(tokens[..., None], tf.cast(values, y_pred.dtype), 0.0)
            for values in (y_true, y_pred)
        )
        everything = log_partition(y_pred, tokens, tf.cast(self.trans, y_pred.dtype))
        return everything - self.target_score(y_true, y_pred)

    def sparse_loss(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the loss of each text, `[B]`, for label indices.

        Args:
            y_true: `[B, L]` or `[B, L, 1]`, of any dtype.
            y_pred: the layer's output, `[B, L, K]`.
        """
        labels = tf.one_hot(numbers_of(y_true, y_pred), tf.shape(y_pred)[-1])
        return self.dense_loss(labels, y_pred)

    def sparse_accuracy(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the share of tokens whose label scores highest, ignoring the transitions."""
        return share_right(numbers_of(y_true, y_pred), y_pred, tokens_of(y_pred))

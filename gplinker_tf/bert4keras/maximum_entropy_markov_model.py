"""bert4keras's maximum-entropy Markov model."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.transition_layer import (
    TransitionLayer,
    exact,
    mean_over_tokens,
    numbers_of,
    share_right,
    tokens_of,
)


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class MaximumEntropyMarkovModel(TransitionLayer):
    """A layer that classifies each token by its scores and a neighbor's label, in both directions.

        loss = mean over tokens and directions of
               -log softmax((scores[t] + trans[y_t-1]) / 2)[y_t]

    It is used like a conditional random field, but is faster. Its weight is `trans`, `[K, K]`, or
    with `hidden_dim` the two factors `l_trans` and `r_trans`.

    Args:
        lr_multiplier: learning-rate multiplier for the transitions.
        hidden_dim: rank of the transition matrix, which is then the product of `[K, hidden_dim]`
            and `[hidden_dim, K]`; `None` for a full matrix.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: scores, `[B, L, K]`.
        mask: bool `[B, L]`, True on tokens.

    Example:

    >>> layer = MaximumEntropyMarkovModel()
    >>> scores = layer(tf.zeros([1, 3, 2]))
    >>> layer.set_weights([tf.zeros([2, 2]).numpy()])
    >>> print(layer.sparse_loss([[0, 1, 1]], scores).numpy())    # one of 2 labels
    0.6931472

    Source: bert4keras 0.11.5, `layers.MaximumEntropyMarkovModel`; https://kexue.fm/archives/7213.
    """

    def __init__(
        self, lr_multiplier: float = 1, hidden_dim: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(lr_multiplier, **kwargs)
        self.hidden_dim = hidden_dim

    def build(self, input_shape: Any) -> None:
        labels = input_shape[-1]
        if self.hidden_dim is None:
            self._trans = self._add_scaled("trans", (labels, labels))
        else:
            self._l_trans = self._add_scaled("l_trans", (labels, self.hidden_dim))
            self._r_trans = self._add_scaled("r_trans", (labels, self.hidden_dim))
        self.built = True

    @property
    def trans(self) -> tf.Tensor:
        """The transitions, `[K, K]`, without `hidden_dim`."""
        return self._scaled(self._trans)

    @property
    def l_trans(self) -> tf.Tensor:
        """The factor of the preceding label, `[K, hidden_dim]`."""
        return self._scaled(self._l_trans)

    @property
    def r_trans(self) -> tf.Tensor:
        """The factor of the following label, `[K, hidden_dim]`."""
        return self._scaled(self._r_trans)

    def reverse_sequence(self, inputs: list[tf.Tensor], mask: Any = None) -> list[tf.Tensor]:
        """Reverse the tokens of each text; padding stays at the end.

        Args:
            inputs: tensors `[B, L, ...]`.
            mask: bool `[B, L]`, True on tokens, or `None` for texts of the same length.
        """
        if mask is None:
            return [x[:, ::-1] for x in inputs]
        lengths = tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
        return [tf.reverse_sequence(x, lengths, seq_axis=1) for x in inputs]

    def basic_loss(self, y_true: Any, y_pred: Any, go_backwards: bool = False) -> tf.Tensor:
        """Return the loss of one direction, a scalar, for label indices."""
        y_true, scores, tokens = self._beside_labels(y_true, y_pred, go_backwards)
        scores = tf.where(tokens[..., None], scores, 0.0)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y_true, scores)
        return mean_over_tokens(losses, tokens)

    def sparse_loss(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the loss of a batch, a scalar, for label indices.

        Args:
            y_true: `[B, L]` or `[B, L, 1]`, of any dtype.
            y_pred: the layer's output, `[B, L, K]`.
        """
        return (self.basic_loss(y_true, y_pred) + self.basic_loss(y_true, y_pred, True)) / 2

    def dense_loss(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the loss of a batch, a scalar, for one-hot labels `[B, L, K]`."""
        return self.sparse_loss(tf.argmax(y_true, axis=2), y_pred)

    def basic_accuracy(self, y_true: Any, y_pred: Any, go_backwards: bool = False) -> tf.Tensor:
        """Return the accuracy over tokens in one direction, for label indices."""
        return share_right(*self._beside_labels(y_true, y_pred, go_backwards))

    def sparse_accuracy(self, y_true: Any, y_pred: Any) -> tf.Tensor:
        """Return the token accuracy given a neighbor's label, the mean of both directions."""
        forth, back = (self.basic_accuracy(y_true, y_pred, way) for way in (False, True))
        return (forth + back) / 2

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "hidden_dim": self.hidden_dim}

    def _beside_labels(
        self, y_true: Any, y_pred: Any, go_backwards: bool
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Return labels, scores given the preceding label, and token mask, in one direction."""
        y_pred = exact(y_pred)
        tokens = tokens_of(y_pred)
        y_true = numbers_of(y_true, y_pred)
        if go_backwards:
            y_true, y_pred = self.reverse_sequence([y_true, y_pred], tokens)
        given = tf.cast(self._transitions_from(y_true, go_backwards), y_pred.dtype)
        given = tf.concat([y_pred[:, :1], given[:, :-1]], axis=1)
        return y_true, (y_pred + given) / 2, tokens

    def _transitions_from(self, labels: tf.Tensor, go_backwards: bool) -> tf.Tensor:
        """Return the transitions from each label `[B, L]` to all labels, `[B, L, K]`."""
        if self.hidden_dim is None:
            trans = self.trans
            return tf.gather(tf.transpose(trans) if go_backwards else trans, labels)
        before, behind = self.l_trans, self.r_trans
        if go_backwards:
            before, behind = behind, before
        return tf.matmul(tf.gather(before, labels), behind, transpose_b=True)

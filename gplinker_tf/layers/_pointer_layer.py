"""The base of the two pointer layers: arguments, masks, output shape."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import dtype_policy_of, keras, tf
from gplinker_tf.layers.pointer_factors import PointerFactors, pointer_logits


class PointerLayer(keras.layers.Layer):
    """Abstract: a layer that scores token pairs, `[B, L, D]` to `[B, H, L, L]`.

    A subclass creates its `Dense` parts, returns them with their input sizes from `_parts`, and
    computes `factors`. The arguments are the same as in bert4keras.
    """

    def __init__(
        self,
        heads: int,
        head_size: int,
        RoPE: bool = True,
        use_bias: bool = True,
        tril_mask: bool = True,
        kernel_initializer: Any = "lecun_normal",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if heads < 1 or head_size < 1:
            raise ValueError(
                "Expected a positive number of labels and a positive size. "
                f"Received: heads={heads}, head_size={head_size}. "
                "The original script uses heads=2 for entities and head_size=64."
            )
        if RoPE and head_size % 2:
            raise ValueError(
                "Expected an even head_size, since rotary positions rotate pairs of components. "
                f"Received: head_size={head_size}. Choose an even head_size, or RoPE=False."
            )
        self.heads = heads
        self.head_size = head_size
        self.RoPE = RoPE
        self.use_bias = use_bias
        self.tril_mask = tril_mask
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self._make_parts()

    def factors(self, inputs: tf.Tensor) -> PointerFactors:
        """Return the scores of `inputs` `[B, L, D]` as factors, without a mask."""
        raise NotImplementedError

    def set_initial_score(self, score: float) -> None:
        """Set the biases of a new layer so that all pairs start with about the same score.

        One pair in thousands is positive. With an initial score that reflects this, a model learns
        in far fewer steps than from 0, where it must learn this first.

        Args:
            score: about -7 for one pair in a thousand.

        Raises:
            ValueError: the layer has no biases, or the score is above 0.

        Source: Lin et al., "Focal Loss for Dense Object Detection", section 4.1,
        https://arxiv.org/abs/1708.02002.
        """
        if not self.use_bias or score > 0:
            raise ValueError(
                "Expected a layer with biases, and a score of at most 0. Received: "
                f"use_bias={self.use_bias}, score={score}."
            )
        self._assign_biases(score)

    def _assign_biases(self, score: float) -> None:
        raise NotImplementedError

    def _make_parts(self) -> None:
        """Create the Dense parts with `_dense`."""
        raise NotImplementedError

    def _parts(self, input_size: int) -> list[tuple[keras.layers.Dense, int]]:
        """Return the Dense parts in the order of their weights, each with its input size."""
        raise NotImplementedError

    def build(self, input_shape: Any) -> None:
        for dense, input_size in self._parts(input_shape[-1]):
            if not dense.built:
                # Legacy Keras names weights by scope, and HDF5 files use these names.
                with tf.name_scope(dense.name):
                    dense.build([None, None, input_size])
        self.built = True

    def call(self, inputs: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        return pointer_logits(self.factors(inputs), mask, self.tril_mask)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None  # a [B, L] mask on [B, H, L, L] logits would reach the loss as weights

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return input_shape[0], self.heads, input_shape[1], input_shape[1]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "heads": self.heads,
            "head_size": self.head_size,
            "RoPE": self.RoPE,
            "use_bias": self.use_bias,
            "tril_mask": self.tril_mask,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }

    def _dense(self, units: int, name: str) -> keras.layers.Dense:
        # An unseeded initializer returns the same values if used twice, so each part gets a copy.
        initializer = self.kernel_initializer
        initializer = type(initializer).from_config(initializer.get_config())
        return keras.layers.Dense(
            units,
            use_bias=self.use_bias,
            kernel_initializer=initializer,
            name=name,
            dtype=dtype_policy_of(self),
        )

"""Initializers of new weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras


def bert_initializer() -> Any:
    """Return BERT's initializer: normal with standard deviation 0.02, truncated at two deviations.

    Returns:
        A Keras initializer.

    Example:

    >>> values = bert_initializer()([100, 100]).numpy()
    >>> bool(abs(values).max() <= 0.04)
    True

    Source: Devlin et al., https://arxiv.org/abs/1810.04805, and bert4keras's
    `Transformer.initializer`.
    """
    return keras.initializers.TruncatedNormal(stddev=0.02)

"""bert4keras's `ALBERT_Unshared`: ALBERT's weights in a BERT."""

from __future__ import annotations

from gplinker_tf.bert4keras.albert import shared_block
from gplinker_tf.bert4keras.bert import BERT


class ALBERT_Unshared(BERT):
    """A `BERT` with separate blocks that are all initialized with ALBERT's one block.

    Args:
        **kwargs: arguments of `BERT`.

    Source: bert4keras 0.11.5, `models.ALBERT_Unshared`.
    """

    model_types = frozenset({"albert"})

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of Google's ALBERT that fill each layer."""
        mapping = super().variable_mapping()
        for index in range(self.num_hidden_layers):
            mapping |= shared_block(f"Transformer-{index}")
        return mapping

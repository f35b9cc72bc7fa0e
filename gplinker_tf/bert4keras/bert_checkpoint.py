"""The tensors of Google's BERT that fill the layers of bert4keras's families."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.bert4keras.transformer import Transformer
from gplinker_tf.encoders.bert.weight_names import tensor_names

#: Stored transposed.
NEXT_SENTENCE = "cls/seq_relationship/output_weights"


class BertCheckpoint(Transformer):
    """Abstract: a `Transformer` that loads and saves checkpoints of Google's BERT with its heads.

    Source: bert4keras 0.11.5, `models.BERT`.
    """

    #: Tensors with one row per token.
    _token_tensors: tuple[str, ...] = (
        "bert/embeddings/word_embeddings",
        "cls/predictions/output_bias",
    )

    def load_variable(self, checkpoint: Any, name: str) -> np.ndarray:
        """Return a checkpoint's tensor as its layer has it; token tensors for this vocabulary."""
        array = super().load_variable(checkpoint, name)
        if name in self._token_tensors:
            return self.load_embeddings(array)
        return array.T if name == NEXT_SENTENCE else array

    def create_variable(self, name: str, value: np.ndarray, dtype: Any = None) -> tuple:
        """Return the variable and the value of a tensor, in the checkpoint's form."""
        return super().create_variable(name, value.T if name == NEXT_SENTENCE else value, dtype)

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of Google's checkpoint that fill each layer."""
        mapping = {
            layer: [f"bert/{name}" for name in names]
            for layer, names in tensor_names(self.num_hidden_layers).items()
        }
        projection, words = "bert/encoder/embedding_hidden_mapping_in", "cls/predictions"
        norm = f"{words}/transform/LayerNorm"
        return {
            **mapping,
            "Embedding-Mapping": dense_tensors(projection),
            "Pooler-Dense": dense_tensors("bert/pooler/dense"),
            "NSP-Proba": [NEXT_SENTENCE, "cls/seq_relationship/output_bias"],
            "MLM-Dense": dense_tensors(f"{words}/transform/dense"),
            "MLM-Norm": [f"{norm}/beta", f"{norm}/gamma"],
            "MLM-Bias": [f"{words}/output_bias"],
        }


def dense_tensors(scope: str) -> list[str]:
    """Return the tensor names of a dense layer.

    Args:
        scope: the layer's name in the checkpoint.
    """
    return [f"{scope}/kernel", f"{scope}/bias"]

"""bert4keras's `ELECTRA`: a BERT that was pretrained to detect replaced tokens."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.activations import activation_of_keras
from gplinker_tf.bert4keras.bert import BERT
from gplinker_tf.bert4keras.bert_checkpoint import dense_tensors


class ELECTRA(BERT):
    """A `BERT` with the weights of ELECTRA's discriminator, and optionally its head.

    Args:
        max_position: the maximum sequence length.
        with_discriminator: return the probability that a token was replaced, `[B, L, 1]`: True for
            the sigmoid, or the activation of the score.
        **kwargs: arguments of `BERT`, without `with_pool`, `with_nsp` and `with_mlm`.

    Raises:
        ValueError: a head is requested that ELECTRA does not have.

    Source: bert4keras 0.11.5, `models.ELECTRA`; https://arxiv.org/abs/2003.10555.
    """

    model_types = frozenset({"electra"})

    _token_tensors = ("electra/embeddings/word_embeddings",)

    def __init__(self, max_position: int, with_discriminator: Any = False, **kwargs: Any) -> None:
        for name in LEFT_OUT:
            if kwargs.get(name):
                raise ValueError(
                    f"Expected no {name}, which ELECTRA does not have. Received: "
                    f"{name}={kwargs[name]!r}. Its head is with_discriminator."
                )
        super().__init__(max_position, **kwargs)
        self.with_discriminator = with_discriminator

    def apply_final_layers(self, inputs: Any) -> Any:
        """Return the discriminator's output if requested, otherwise the last block's."""
        if not self.with_discriminator:
            return inputs
        x = self.apply(
            inputs,
            keras.layers.Dense,
            units=self.hidden_size,
            activation=activation_of_keras(self.hidden_act),
            kernel_initializer=self.initializer,
            name="Discriminator-Dense",
        )
        chosen = self.with_discriminator
        return self.apply(
            x,
            keras.layers.Dense,
            units=1,
            activation="sigmoid" if chosen is True else activation_of_keras(chosen),
            kernel_initializer=self.initializer,
            name="Discriminator-Prediction",
        )

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of Google's ELECTRA that fill each layer."""
        mapping = {
            layer: [name.replace("bert/", "electra/") for name in names]
            for layer, names in super().variable_mapping().items()
        }
        return {
            **mapping,
            "Embedding-Mapping": dense_tensors("electra/embeddings_project"),
            "Discriminator-Dense": dense_tensors("discriminator_predictions/dense"),
            "Discriminator-Prediction": dense_tensors("discriminator_predictions/dense_1"),
        }


#: Heads that `BERT` has and ELECTRA does not.
LEFT_OUT = ("with_pool", "with_nsp", "with_mlm")

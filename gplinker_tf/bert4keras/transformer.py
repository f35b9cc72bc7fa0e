"""bert4keras's `Transformer`: a model whose parts a subclass replaces by name."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.checkpoint_weights import CheckpointWeights
from gplinker_tf.bert4keras.keras.models import Model


class Transformer(CheckpointWeights):
    """Abstract: inputs, embeddings, blocks and an end, each a method.

    A subclass has `get_inputs`, `apply_embeddings`, `apply_main_layers`, `apply_final_layers` and
    `variable_mapping`, and makes its layers by `apply`. `build_transformer_model(model=subclass)`
    makes one, builds it and loads its weights.

    Args:
        vocab_size: rows of the token table.
        hidden_size: `D`.
        num_hidden_layers: number of blocks.
        num_attention_heads: heads of each block.
        intermediate_size: inner size of the feed-forward maps.
        hidden_act: their activation.
        dropout_rate: of embeddings and of both maps of a block.
        attention_dropout_rate: of the attention weights.
        embedding_size: size of the embeddings; `hidden_size` if not given.
        attention_head_size: size of a head's value.
        attention_key_size: size of a head's query and key.
        sequence_length: a fixed `L`, or `None`.
        keep_tokens: ids of the checkpoint's tokens that the vocabulary has, in its order.
        compound_tokens: further tokens, each the mean of some that are kept: a list of their new
            ids, or `(ids, weights)`.
        residual_attention_scores: add the scores of a block to those of the next
            (https://arxiv.org/abs/2012.11747).
        ignore_invalid_weights: leave weights alone that the checkpoint does not have, and tensors
            that no layer takes.
        autoresize_weights: resize tensors of another shape (https://kexue.fm/archives/8444).
        layers: layers to use again, by name.
        prefix: stands before every layer's name.
        name: the Keras model's name.
        **kwargs: left alone.

    Attributes:
        model: the Keras model, once it is built.
        inputs: its inputs; `input` is the one, or all.
        outputs: its outputs; `output` is the one, or all.
        layers: its layers by name.

    Source: bert4keras 0.11.5, `models.Transformer`.
    """

    def __init__(
        self,
        vocab_size: int,
        hidden_size: int,
        num_hidden_layers: int,
        num_attention_heads: int,
        intermediate_size: int,
        hidden_act: Any,
        dropout_rate: float | None = None,
        attention_dropout_rate: float | None = None,
        embedding_size: int | None = None,
        attention_head_size: int | None = None,
        attention_key_size: int | None = None,
        sequence_length: int | None = None,
        keep_tokens: list[int] | None = None,
        compound_tokens: list | None = None,
        residual_attention_scores: bool = False,
        ignore_invalid_weights: bool = False,
        autoresize_weights: bool = False,
        layers: dict[str, Any] | None = None,
        prefix: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        kept = vocab_size if keep_tokens is None else len(keep_tokens)
        self.vocab_size = kept + len(compound_tokens or ())
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.intermediate_size = intermediate_size
        self.hidden_act = hidden_act
        self.dropout_rate = dropout_rate or 0
        self.attention_dropout_rate = attention_dropout_rate or 0
        self.embedding_size = embedding_size or hidden_size
        self.attention_head_size = attention_head_size or hidden_size // num_attention_heads
        self.attention_key_size = attention_key_size or self.attention_head_size
        self.sequence_length = sequence_length
        self.keep_tokens, self.compound_tokens = keep_tokens, compound_tokens
        self.residual_attention_scores = residual_attention_scores
        self.ignore_invalid_weights = ignore_invalid_weights
        self.autoresize_weights = autoresize_weights
        self.layers = {} if layers is None else layers
        self.prefix, self.name = prefix or "", name
        self.attention_bias = self.position_bias = self.attention_scores = None
        self.built = False

    def build(
        self,
        attention_caches: dict[str, list] | None = None,
        layer_norm_cond: Any = None,
        layer_norm_cond_hidden_size: int | None = None,
        layer_norm_cond_hidden_act: Any = None,
        additional_input_layers: Any = None,
        **kwargs: Any,
    ) -> None:
        """Makes the Keras model, once.

        Args:
            attention_caches: keys and values that stand before those of a sequence, `[B, M, D]`
                each, by the name of the attention layer.
            layer_norm_cond: a tensor `[B, C]` that steers every normalization, or `None`.
            layer_norm_cond_hidden_size: size of a layer between the two, or `None`.
            layer_norm_cond_hidden_act: its activation.
            additional_input_layers: further inputs of the model: those that lead to the tensor.
            **kwargs: left alone.
        """
        if self.built:
            return
        inputs = self.get_inputs()
        self.set_inputs(inputs, additional_input_layers)
        self.attention_caches = attention_caches or {}
        activation = layer_norm_cond_hidden_act or "linear"
        self.layer_norm_conds = [layer_norm_cond, layer_norm_cond_hidden_size, activation]
        self.set_outputs(self.call(inputs))
        names = {} if self.name is None else {"name": self.name}
        self.model = Model(self.inputs, self.outputs, **names)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The outputs, from embeddings, blocks and end."""
        outputs = self.apply_embeddings(inputs)
        for index in range(self.num_hidden_layers):
            outputs = self.apply_main_layers(outputs, index)
        return self.apply_final_layers(outputs)

    def get_inputs(self) -> Any:
        """The inputs, one or a list."""
        raise NotImplementedError

    def apply_embeddings(self, inputs: Any) -> Any:
        """What the first block reads."""
        raise NotImplementedError

    def apply_main_layers(self, inputs: Any, index: int) -> Any:
        """Block number `index`."""
        raise NotImplementedError

    def apply_final_layers(self, inputs: Any) -> Any:
        """The outputs, from the last block's."""
        raise NotImplementedError

    def compute_attention_bias(self, inputs: Any = None) -> Any:
        """What is added to the attention scores, or who may read what; `inputs` is the block."""
        return self.attention_bias

    def compute_position_bias(self, inputs: Any = None) -> Any:
        """What relative positions add to the attention."""
        return self.position_bias

    def set_inputs(self, inputs: Any, additional_input_layers: Any = None) -> None:
        """Sets `inputs` and `input`."""
        self.inputs = [*_listed(inputs), *_listed(additional_input_layers)]
        self.input = self.inputs if len(self.inputs) > 1 else self.inputs[0]

    def set_outputs(self, outputs: Any) -> None:
        """Sets `outputs` and `output`."""
        self.outputs = _listed(outputs)
        self.output = self.outputs if len(self.outputs) > 1 else self.outputs[0]

    @property
    def initializer(self) -> Any:
        """That of all layers: a normal distribution cut at two deviations of 0.02."""
        return keras.initializers.TruncatedNormal(stddev=0.02)

    def simplify(self, inputs: list) -> Any:
        """What is not `None`; one alone by itself."""
        inputs = [part for part in inputs if part is not None]
        return inputs[0] if len(inputs) == 1 else inputs


def _listed(values: Any) -> list:
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple)) else [values]

"""bert4keras's `Transformer`: a model whose parts are methods that a subclass defines."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.checkpoint_weights import CheckpointWeights
from gplinker_tf.bert4keras.keras.models import Model


class Transformer(CheckpointWeights):
    """Abstract: a model with one method each for inputs, embeddings, blocks and final layers.

    A subclass defines `get_inputs`, `apply_embeddings`, `apply_main_layers`, `apply_final_layers`
    and `variable_mapping`, and creates its layers with `apply`.
    `build_transformer_model(model=subclass)` makes an object, builds it and loads its weights.

    Args:
        vocab_size: rows of the token table.
        hidden_size: `D`.
        num_hidden_layers: number of blocks.
        num_attention_heads: heads of each block.
        intermediate_size: inner size of the feed-forward layers.
        hidden_act: their activation.
        dropout_rate: dropout rate after the embeddings, attention and feed-forward layers.
        attention_dropout_rate: dropout rate of the attention weights.
        embedding_size: size of the embeddings; defaults to `hidden_size`.
        attention_head_size: size of a head's value.
        attention_key_size: size of a head's query and key.
        sequence_length: a fixed `L`, or `None`.
        keep_tokens: ids of the checkpoint's tokens that the vocabulary keeps, in its order.
        compound_tokens: additional tokens, each the mean of some kept ones: a list of their new
            ids, or `(ids, weights)`.
        residual_attention_scores: add the attention scores of each block to those of the next
            (https://arxiv.org/abs/2012.11747).
        ignore_invalid_weights: ignore weights that the checkpoint does not have, and tensors that
            no layer takes.
        autoresize_weights: resize tensors of a different shape (https://kexue.fm/archives/8444).
        layers: layers to reuse, by name.
        prefix: the prefix of every layer's name.
        name: the Keras model's name.
        **kwargs: ignored.

    Attributes:
        model: the Keras model, once it is built.
        inputs: its inputs; `input` is the only one, or the list of all.
        outputs: its outputs; `output` is the only one, or the list of all.
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
        """Build the Keras model, once.

        Args:
            attention_caches: keys and values to put before those of a sequence, `[B, M, D]` each,
                by the name of the attention layer.
            layer_norm_cond: a tensor `[B, C]` that conditions every normalization, or `None`.
            layer_norm_cond_hidden_size: size of a hidden layer between the two, or `None`.
            layer_norm_cond_hidden_act: activation of the hidden layer.
            additional_input_layers: additional inputs of the model, on which the tensor depends.
            **kwargs: ignored.
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
        """Apply the embeddings, blocks and final layers; return the outputs."""
        outputs = self.apply_embeddings(inputs)
        for index in range(self.num_hidden_layers):
            outputs = self.apply_main_layers(outputs, index)
        return self.apply_final_layers(outputs)

    def get_inputs(self) -> Any:
        """Return the inputs, one or a list."""
        raise NotImplementedError

    def apply_embeddings(self, inputs: Any) -> Any:
        """Return the input of the first block."""
        raise NotImplementedError

    def apply_main_layers(self, inputs: Any, index: int) -> Any:
        """Apply block number `index`."""
        raise NotImplementedError

    def apply_final_layers(self, inputs: Any) -> Any:
        """Return the model's outputs, given the last block's."""
        raise NotImplementedError

    def compute_attention_bias(self, inputs: Any = None) -> Any:
        """Return a bias of the attention scores, or a mask; `inputs` is the block's index."""
        return self.attention_bias

    def compute_position_bias(self, inputs: Any = None) -> Any:
        """Return what relative positions add to the attention."""
        return self.position_bias

    def set_inputs(self, inputs: Any, additional_input_layers: Any = None) -> None:
        """Set `inputs` and `input`."""
        self.inputs = [*_listed(inputs), *_listed(additional_input_layers)]
        self.input = self.inputs if len(self.inputs) > 1 else self.inputs[0]

    def set_outputs(self, outputs: Any) -> None:
        """Set `outputs` and `output`."""
        self.outputs = _listed(outputs)
        self.output = self.outputs if len(self.outputs) > 1 else self.outputs[0]

    @property
    def initializer(self) -> Any:
        """The initializer of all layers: truncated normal with deviation 0.02."""
        return keras.initializers.TruncatedNormal(stddev=0.02)

    def simplify(self, inputs: list) -> Any:
        """Return the inputs that are not `None`; a single one without a list."""
        inputs = [part for part in inputs if part is not None]
        return inputs[0] if len(inputs) == 1 else inputs


def _listed(values: Any) -> list:
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple)) else [values]

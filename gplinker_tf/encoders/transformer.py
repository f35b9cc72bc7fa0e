"""The base class of all Transformer encoders, with bert4keras's layer names."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import keras, register
from gplinker_tf.encoders.base import Encoder
from gplinker_tf.encoders.layers.dropout import Dropout
from gplinker_tf.encoders.layers.feed_forward import FeedForward
from gplinker_tf.encoders.layers.layer_normalization import LayerNormalization
from gplinker_tf.encoders.layers.position_embedding import PositionEmbedding
from gplinker_tf.encoders.layers.self_attention import SelfAttention
from gplinker_tf.encoders.layers.token_embedding import TokenEmbedding
from gplinker_tf.encoders.tensor_names import (
    Names,
    block_names,
    dense_names,
    embedding_names,
    without_biases,
)
from gplinker_tf.encoders.transformer_config import TransformerConfig
from gplinker_tf.layers import bert_initializer

ATTENTION, FEED_FORWARD = "MultiHeadSelfAttention", "FeedForward"
LEARNED = "learned"


@register
class TokenSegmentSum(keras.layers.Add):
    """The sum of token and segment vectors, with the tokens' mask, which Keras 3's `Add` drops."""

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else mask[0]


class TransformerEncoder(Encoder):
    """Abstract: normalized embeddings, followed by blocks of attention and feed-forward maps:

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Token id 0 is padding and is not attended to, except at the first position, so that attention
    is defined for an empty row. As in bert4keras, the output carries a Keras mask; early versions
    of Keras 3 lose it.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the configuration.
        model: the Keras model; the input of its last layer is the sum before the last
            normalization.
        layers: the layers by name, e.g. `"Transformer-0-MultiHeadSelfAttention"`.
        config_class: the class of the configuration.
        positions: how positions are encoded: `"learned"`, a vector per position that is added to
            the embeddings, or a value that `SelfAttention` accepts.
        use_bias: whether the linear maps have a bias.
        normalization: the class of the normalization layers.
    """

    config_class: ClassVar[type[TransformerConfig]]
    positions: ClassVar[str] = LEARNED
    use_bias: ClassVar[bool] = True
    normalization: ClassVar[type[keras.layers.Layer]] = LayerNormalization
    model_class: ClassVar[type[keras.Model]] = keras.Model

    def __init__(
        self, config: Any, sequence_length: int | None = None, name: str | None = None
    ) -> None:
        self.config = config
        self._made: dict[str, keras.layers.Layer] = {}
        token_ids, segment_ids = (
            keras.Input([sequence_length], dtype="int32", name=f"Input-{part}")
            for part in ("Token", "Segment")
        )
        x = self._embed(token_ids, segment_ids)
        for index in range(config.num_hidden_layers):
            x = self._block(x, token_ids, index)
        names = {} if name is None else {"name": name}
        self.model = self.model_class([token_ids, segment_ids], x, **names)
        self.layers = {layer.name: layer for layer in self.model.layers}

    def __repr__(self) -> str:
        config = self.config
        return f"{type(self).__name__}({config.num_hidden_layers} x {config.hidden_size})"

    def _embed(self, token_ids: Any, segment_ids: Any) -> Any:
        config = self.config
        size = config.embedding_width
        tokens = TokenEmbedding(config.vocab_size, size, mask_zero=True, name="Embedding-Token")
        segments = TokenEmbedding(config.segment_vocab_size, size, name="Embedding-Segment")
        x = TokenSegmentSum(name="Embedding-Token-Segment")(
            [tokens(token_ids), segments(segment_ids)]
        )
        if self.positions == LEARNED:
            x = PositionEmbedding(config.max_position, size, name="Embedding-Position")(x)
        x = self._finish_embedding(x)
        if size == config.hidden_size:
            return x
        return keras.layers.Dense(
            config.hidden_size,
            use_bias=self.use_bias,
            kernel_initializer=bert_initializer(),
            name="Embedding-Mapping",
        )(x)

    def _finish_embedding(self, x: Any) -> Any:
        """Normalize the sum of the embeddings and apply dropout."""
        return self._drop(self._normalize(x, "Embedding-Norm"), "Embedding-Dropout")

    def _block(self, x: Any, token_ids: Any, index: int) -> Any:
        config = self.config
        attention = self._layer(
            index,
            ATTENTION,
            SelfAttention,
            heads=config.num_attention_heads,
            head_size=config.hidden_size // config.num_attention_heads,
            dropout=config.attention_dropout_rate,
            positions="none" if self.positions == LEARNED else self.positions,
            use_bias=self.use_bias,
        )
        x = self._add(x, attention([x, token_ids]), index, ATTENTION)
        feed_forward = self._layer(
            index,
            FEED_FORWARD,
            FeedForward,
            units=config.intermediate_size,
            activation=config.hidden_act,
            use_bias=self.use_bias,
        )
        return self._add(x, feed_forward(x), index, FEED_FORWARD)

    def _add(self, x: Any, change: Any, index: int, part: str) -> Any:
        name = f"Transformer-{index}-{part}"
        change = self._drop(change, f"{name}-Dropout")
        x = keras.layers.Add(name=f"{name}-Add")([x, change])
        epsilon = self.config.epsilon
        return self._layer(index, f"{part}-Norm", self.normalization, epsilon=epsilon)(x)

    def _drop(self, x: Any, name: str) -> Any:
        rate = self.config.dropout_rate
        return Dropout(rate, name=name)(x) if rate else x

    def _normalize(self, x: Any, name: str) -> Any:
        return self.normalization(epsilon=self.config.epsilon, name=name)(x)

    def _layer(self, index: int, part: str, layer_class: Any, **settings: Any) -> Any:
        """Return the layer for a part of a block: a new one, or one shared with another block."""
        name = self.layer_name(index, part)
        if name not in self._made:
            self._made[name] = layer_class(name=name, **settings)
        return self._made[name]

    def tensor_names(self) -> Names:
        names = embedding_names() | {"Embedding-Mapping": dense_names("embeddings_project")}
        for index in range(self.config.num_hidden_layers):
            for part, own in self.block_names(index).items():
                names[self.layer_name(index, part)] = own
        names = {layer: own for layer, own in names.items() if layer in self.layers}
        return names if self.use_bias else without_biases(names)

    def block_names(self, index: int) -> Names:
        """Return a block's tensor names in a checkpoint, by the last part of its layers' names."""
        return block_names(index)

    @classmethod
    def layer_name(cls, index: int, part: str) -> str:
        """Return the name of the layer with the weights of a part of a block."""
        return f"Transformer-{index}-{part}"

    @classmethod
    def config_of(cls, model: keras.Model) -> Any:
        """Return the configuration of an encoder of this family, or `None` for any other model.

        It is read off the layers, so this also works for a model that was saved and loaded,
        copied or pickled. If no layer limits the length, `max_position` has its default.
        """
        layers = {layer.name: layer for layer in model.layers}
        try:
            config = cls.config_class.from_dict(cls.sizes_of(layers))
        except (KeyError, AttributeError, ValueError):
            return None
        # The names and types of the layers do not depend on the sizes.
        same = len(model.outputs) == 1 and _kinds(model) == _kinds(cls(config.smallest()).model)
        return config if same else None

    @classmethod
    def sizes_of(cls, layers: dict[str, Any]) -> dict[str, Any]:
        """Return the sizes that layers, given by name, were built with.

        Raises:
            KeyError, AttributeError: the layers are not those of this family.
        """
        tokens, dropout = layers["Embedding-Token"], layers.get("Embedding-Dropout")
        mapping = layers.get("Embedding-Mapping")
        sizes = {
            "vocab_size": tokens.input_dim,
            "hidden_size": tokens.output_dim if mapping is None else mapping.units,
            "embedding_size": None if mapping is None else tokens.output_dim,
            "dropout_rate": 0.0 if dropout is None else dropout.rate,
            "segment_vocab_size": layers["Embedding-Segment"].input_dim,
            "epsilon": layers["Embedding-Norm"].epsilon,
        }
        if cls.positions == LEARNED:
            sizes["max_position"] = layers["Embedding-Position"].input_dim
        return sizes | cls._sizes_of_blocks(layers)

    @classmethod
    def _sizes_of_blocks(cls, layers: dict[str, Any]) -> dict[str, Any]:
        attention = layers[cls.layer_name(0, ATTENTION)]
        feed_forward = layers[cls.layer_name(0, FEED_FORWARD)]
        return {
            "num_hidden_layers": sum(name.endswith(f"{FEED_FORWARD}-Add") for name in layers),
            "num_attention_heads": attention.heads,
            "attention_dropout_rate": attention.dropout,
            "intermediate_size": feed_forward.units,
            "hidden_act": feed_forward.activation,
        }


def _kinds(model: keras.Model) -> dict[str, tuple[Any, ...]]:
    """Return the type and settings of each layer of a model, without its sizes."""
    settings = ("positions", "use_bias")
    return {
        layer.name: (type(layer), *(getattr(layer, name, None) for name in settings))
        for layer in model.layers
    }

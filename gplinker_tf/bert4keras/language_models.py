"""bert4keras's two attention masks that turn an encoder into a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gplinker_tf.backend import keras, register, tf

if TYPE_CHECKING:
    from gplinker_tf.bert4keras.transformer import Transformer

    _Base = Transformer
else:
    _Base = object


@register
class LanguageModelMask(keras.layers.Layer):
    """A causal attention mask, bool `[L, L]`: each position sees itself and those before it."""

    def call(self, inputs: Any) -> tf.Tensor:
        places = tf.range(tf.shape(inputs)[1])
        return places[None, :] <= places[:, None]

    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((inputs.shape[1], inputs.shape[1]), dtype="bool")


@register
class UnifiedLanguageModelMask(keras.layers.Layer):
    """A UniLM mask, bool `[B, L, L]`: all positions see the first segment; the rest is causal."""

    def call(self, inputs: Any) -> tf.Tensor:
        places = tf.cumsum(inputs, axis=1)
        return places[:, None, :] <= places[:, :, None]

    def compute_output_spec(self, inputs: Any) -> Any:
        batch, length = inputs.shape
        return keras.KerasTensor((batch, length, length), dtype="bool")


class LM_Mask(_Base):
    """A mixin that makes a model's attention causal; it goes before the model class.

    Example:

    >>> from gplinker_tf.bert4keras.models import BERT, build_transformer_model
    >>> class Left(LM_Mask, BERT):
    ...     pass
    >>> model = build_transformer_model(
    ...     model=Left, vocab_size=100, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
    ...     intermediate_size=16)
    >>> tuple(model.output_shape)
    (None, None, 8)

    Source: bert4keras 0.11.5, `models.LM_Mask`.
    """

    def compute_attention_bias(self, inputs: Any = None) -> Any:
        """Return the attention mask, `[L, L]`."""
        if self.attention_bias is None:
            self.attention_bias = self.apply(
                self.inputs[0], LanguageModelMask, name="Attention-LM-Mask"
            )
        return self.attention_bias


class UniLM_Mask(_Base):
    """A mixin like `LM_Mask`, except that all positions see the whole first segment.

    Source: bert4keras 0.11.5, `models.UniLM_Mask`; https://arxiv.org/abs/1905.03197.
    """

    def compute_attention_bias(self, inputs: Any = None) -> Any:
        """Return the attention mask, `[B, L, L]`, computed from the segment ids."""
        if self.attention_bias is None:
            self.attention_bias = self.apply(
                self.inputs[1], UnifiedLanguageModelMask, name="Attention-UniLM-Mask"
            )
        return self.attention_bias


def extend_with_language_model(BaseModel: type[Any]) -> type[Any]:
    """Return a class of causal language models, which return token probabilities.

    Args:
        BaseModel: a class that takes `with_mlm`, such as `BERT`.

    Source: bert4keras 0.11.5, `models.extend_with_language_model`.
    """
    return _extended("LanguageModel", LM_Mask, BaseModel)


def extend_with_unified_language_model(BaseModel: type[Any]) -> type[Any]:
    """Return a class of UniLM models, which return the second segment's token probabilities.

    Args:
        BaseModel: a class that takes `with_mlm`, such as `BERT`.

    Source: bert4keras 0.11.5, `models.extend_with_unified_language_model`.
    """
    return _extended("UnifiedLanguageModel", UniLM_Mask, BaseModel)


def _extended(name: str, mask: type[Any], model: type[Any]) -> type[Any]:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super(extended, self).__init__(*args, **kwargs)
        self.with_mlm = self.with_mlm or True

    extended: type[Any] = type(name, (mask, model), {"__init__": __init__, "__module__": __name__})
    return extended

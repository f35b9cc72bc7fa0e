"""bert4keras's two masks that make an encoder a language model."""

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
    """Who may read what, bool `[L, L]`: each place those before it and itself."""

    def call(self, inputs: Any) -> tf.Tensor:
        places = tf.range(tf.shape(inputs)[1])
        return places[None, :] <= places[:, None]

    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((inputs.shape[1], inputs.shape[1]), dtype="bool")


@register
class UnifiedLanguageModelMask(keras.layers.Layer):
    """Who may read what, bool `[B, L, L]`: all the first segment, and what is before itself."""

    def call(self, inputs: Any) -> tf.Tensor:
        places = tf.cumsum(inputs, axis=1)
        return places[:, None, :] <= places[:, :, None]

    def compute_output_spec(self, inputs: Any) -> Any:
        batch, length = inputs.shape
        return keras.KerasTensor((batch, length, length), dtype="bool")


class LM_Mask(_Base):
    """Each place of a model reads only those before it, and itself: mixed in before the model.

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
        """Who may read what, `[L, L]`."""
        if self.attention_bias is None:
            self.attention_bias = self.apply(
                self.inputs[0], LanguageModelMask, name="Attention-LM-Mask"
            )
        return self.attention_bias


class UniLM_Mask(_Base):
    """The first segment is read by all, the second as `LM_Mask`: mixed in before the model.

    Source: bert4keras 0.11.5, `models.UniLM_Mask`; https://arxiv.org/abs/1905.03197.
    """

    def compute_attention_bias(self, inputs: Any = None) -> Any:
        """Who may read what, `[B, L, L]`, from the segment ids."""
        if self.attention_bias is None:
            self.attention_bias = self.apply(
                self.inputs[1], UnifiedLanguageModelMask, name="Attention-UniLM-Mask"
            )
        return self.attention_bias


def extend_with_language_model(BaseModel: type[Any]) -> type[Any]:
    """The class of a model that returns the words' probabilities, each from those before it.

    Args:
        BaseModel: a class with `with_mlm`, as `BERT`.

    Source: bert4keras 0.11.5, `models.extend_with_language_model`.
    """
    return _extended("LanguageModel", LM_Mask, BaseModel)


def extend_with_unified_language_model(BaseModel: type[Any]) -> type[Any]:
    """The class of a model that returns the probabilities of a second segment's words.

    Args:
        BaseModel: a class with `with_mlm`, as `BERT`.

    Source: bert4keras 0.11.5, `models.extend_with_unified_language_model`.
    """
    return _extended("UnifiedLanguageModel", UniLM_Mask, BaseModel)


def _extended(name: str, mask: type[Any], model: type[Any]) -> type[Any]:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super(extended, self).__init__(*args, **kwargs)
        self.with_mlm = self.with_mlm or True

    extended: type[Any] = type(name, (mask, model), {"__init__": __init__, "__module__": __name__})
    return extended

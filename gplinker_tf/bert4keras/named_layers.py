"""The layers of a `Transformer`, each created when its name is first used."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.concatenate_1d import Concatenate1D
from gplinker_tf.bert4keras.keras import layers as keras_layers
from gplinker_tf.bert4keras.multi_head_attention import MultiHeadAttention
from gplinker_tf.encoders.layers.dropout import Dropout


class NamedLayers:
    """Abstract: creates layers by name and calls them, with attention caches and residual scores.

    Source: bert4keras 0.11.5, `models.Transformer`.
    """

    layers: dict[str, Any]
    prefix: str
    dropout_rate: float
    residual_attention_scores: bool
    attention_caches: dict[str, list]
    attention_scores: Any

    def prefixed(self, name: str | None) -> str | None:
        """Return a layer's name in this model."""
        return None if name is None else self.prefix + name

    def apply(
        self, inputs: Any = None, layer: Any = None, arguments: Any = None, **kwargs: Any
    ) -> Any:
        """Call the layer with the given name, creating it on first use.

        Args:
            inputs: the layer's inputs; `None` returns the layer itself.
            layer: the layer's class.
            arguments: further arguments of the call.
            **kwargs: arguments of the class, including `name`.
        """
        if layer in (Dropout, keras.layers.Dropout) and self.dropout_rate == 0:
            return inputs
        arguments = dict(arguments or {})
        if layer is keras.layers.Lambda:
            kwargs["arguments"], arguments = arguments, {}
        if layer is MultiHeadAttention and self.residual_attention_scores:
            kwargs["return_attention_scores"] = True
        kwargs["name"] = name = self.prefixed(kwargs.get("name"))
        if name not in self.layers:
            if name is None:
                del kwargs["name"]
            made = layer(**kwargs)
            name = made.name
            self.layers[name] = made
        found = self.layers[name]
        if inputs is None:
            return found
        if isinstance(found, MultiHeadAttention):
            if name in self.attention_caches:
                inputs = self._with_cache(name, inputs)
            if self.residual_attention_scores:
                return self._with_scores_before(found, inputs, arguments)
        return found(inputs, **arguments)

    def _with_cache(self, name: str, inputs: list) -> list:
        """Return the inputs of attention, with the cached keys and values before its own."""
        query, *read = inputs
        for place, part in enumerate(("Key", "Value")):
            join = Concatenate1D(name=f"{name}-Cached-{part}")
            read[place] = join([self.attention_caches[name][place], read[place]])
        return [query, *read]

    def _with_scores_before(self, attention: Any, inputs: list, arguments: dict) -> Any:
        """Return the output of attention, with the preceding block's scores added to its own."""
        if self.attention_scores is not None:
            bias, behind = self.attention_scores, inputs[3:]
            if arguments.get("a_bias"):
                total = keras_layers.Add(name=f"{attention.name}-Attention-Bias")
                bias, behind = total([inputs[3], bias]), inputs[4:]
            inputs, arguments["a_bias"] = [*inputs[:3], bias, *behind], True
        outputs, self.attention_scores = attention(inputs, **arguments)
        return outputs

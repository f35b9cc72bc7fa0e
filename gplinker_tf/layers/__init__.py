"""Layers that score: pointers, and a normalisation that a condition steers."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "ConditionalLayerNormalization": "conditional_layer_normalization",
        "EfficientGlobalPointer": "efficient_global_pointer",
        "GlobalPointer": "global_pointer",
        "PointerFactors": "pointer_factors",
        "pointer_logits": "pointer_factors",
        "rotate": "rotary",
    },
)

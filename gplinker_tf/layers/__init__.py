"""Pointer layers: scores of token pairs from hidden states."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "EfficientGlobalPointer": "efficient_global_pointer",
        "GlobalPointer": "global_pointer",
        "PointerFactors": "pointer_factors",
        "pointer_logits": "pointer_factors",
        "rotate": "rotary",
    },
)

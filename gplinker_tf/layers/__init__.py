"""Layers that score: pointers, a kernel for token pairs, a normalisation a condition steers."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "ConditionalLayerNormalization": "conditional_layer_normalization",
        "EfficientGlobalPointer": "efficient_global_pointer",
        "GlobalPointer": "global_pointer",
        "HandshakingKernel": "handshaking_kernel",
        "PointerFactors": "pointer_factors",
        "pointer_logits": "pointer_factors",
        "rotate": "rotary",
        "triangle_pairs": "triangle",
        "triangle_place": "triangle",
        "triangle_to_square": "triangle",
    },
)

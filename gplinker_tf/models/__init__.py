"""Models: an encoder, pointer heads, their loss."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "GPLinker": "gplinker",
        "GPLinkerFactors": "gplinker",
        "HEADS": "gplinker",
        "load_weights": "weights",
        "named_weights": "weights",
        "save_weights": "weights",
    },
)

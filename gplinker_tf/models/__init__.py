"""Models: an encoder, layers that score triples, their loss and decoding."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "CasRel": "casrel",
        "GPLinker": "gplinker",
        "GPLinkerFactors": "gplinker",
        "HEADS": "gplinker",
        "MODELS": "kinds",
        "RelationModel": "relation_model",
        "TPLinker": "tplinker",
        "TPLinkerPlus": "tplinker_plus",
        "load_weights": "weights",
        "named_weights": "weights",
        "save_weights": "weights",
    },
)

"""Multi-label cross-entropy: dense, sparse and for token pairs. Exact, float32 inside."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "factorised_globalpointer_crossentropy": "factorised",
        "globalpointer_crossentropy": "globalpointer",
        "listed_multilabel_crossentropy": "listed_tags",
        "listed_softmax_crossentropy": "listed_classes",
        "log1p_sum_exp": "exponentials",
        "multilabel_categorical_crossentropy": "dense",
        "multihot_globalpointer_crossentropy": "multihot",
        "powered_log_odds": "powered_sigmoid",
        "published_globalpointer_crossentropy": "published",
        "sparse_multilabel_categorical_crossentropy": "sparse",
        "tagging_crossentropy": "powered_sigmoid",
    },
)

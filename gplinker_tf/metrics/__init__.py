"""Precision, recall and F1 of extracted triples."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Evaluation": "evaluation",
        "ScoreCounts": "score_counts",
        "expect_target": "predictions",
        "evaluate_triples": "evaluation",
        "write_predictions": "predictions",
    },
)

"""Precision, recall and F1 of extracted triples, and the causes of what is wrong."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Cause": "causes",
        "Evaluation": "evaluation",
        "Mistake": "errors",
        "ScoreCounts": "score_counts",
        "bootstrap_f1": "bootstrap",
        "expect_target": "predictions",
        "evaluate_triples": "evaluation",
        "find_mistakes": "errors",
        "interval": "bootstrap",
        "mended": "errors",
        "read_predictions": "prediction_reader",
        "write_predictions": "predictions",
    },
)

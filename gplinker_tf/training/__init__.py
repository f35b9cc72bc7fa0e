"""Training: optimiser with averaging, evaluation after each epoch, the run folder."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "AveragingAdam": "optimizer",
        "EpochEvaluation": "epoch_evaluation",
        "FiniteGuard": "finite_guard",
        "ProgressBar": "progress",
        "TrainingOptions": "options",
        "TrainingResult": "trainer",
        "train": "trainer",
    },
)

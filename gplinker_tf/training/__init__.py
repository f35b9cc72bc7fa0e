"""What training needs besides `fit`: optimiser, averaging, evaluation, the run folder's record."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__, {"AveragingAdam": "optimizer", "TrainingOptions": "options", "train": "trainer"}
)

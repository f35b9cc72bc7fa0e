"""The threshold of the best model, chosen on the dev texts at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gplinker_tf.calibration import THRESHOLDS, Tuning
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import WEIGHTS, RelationExtractor
from gplinker_tf.models import RelationModel, load_weights
from gplinker_tf.structures import Example
from gplinker_tf.tuning import tune


def tune_best_model(
    extractor: RelationExtractor,
    examples: Sequence[Example],
    folder: Path,
    report: Callable[[str], None],
    progress: bool,
) -> None:
    """Choose one threshold for the model in a run folder and store it there.

    A model that already has thresholds keeps them; one that has not learned enough to choose one
    gets none.

    Args:
        extractor: the model in training; its weights are restored afterwards.
        examples: the dev texts.
        folder: the run folder.
        report: called with a line of text.
        progress: show a progress bar.
    """
    if (folder / THRESHOLDS).exists():
        return
    with _weights_of(folder, extractor.model):
        try:
            tuning = tune(extractor, examples, per_predicate=False, progress=progress)
        except InputError as error:
            report(f"Threshold 0 is kept. {error}")
            return
    tuning.save(folder)
    report(_in_words(tuning))


@contextmanager
def _weights_of(folder: Path, model: RelationModel) -> Iterator[None]:
    trained = model.get_weights()
    load_weights(model, folder / WEIGHTS)
    try:
        yield
    finally:
        model.set_weights(trained)


def _in_words(tuning: Tuning) -> str:
    threshold = tuning.calibration.threshold
    if not threshold:
        return "Threshold 0 is kept: on the dev texts, no other is better beyond chance."
    return (
        f"Threshold {threshold:g}, chosen on the dev texts: F1 {tuning.out_of_fold.f1:.4f} "
        f"(cross-validated), {tuning.at_zero.f1:.4f} at 0. extract and evaluate use it; delete "
        f"{THRESHOLDS} to use 0 again."
    )

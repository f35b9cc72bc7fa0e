"""What the child processes of a table do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from gplinker_tf import RelationExtractor
from gplinker_tf.alignment import default_cache_folder, read_labeled_texts
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.comparison._final_test import FinalTest
from gplinker_tf.comparison._peak_memory import peak_mebibytes
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training.options import settled
from gplinker_tf.training.preparation import (
    new_aligner,
    new_extractor,
    new_optimizer,
    training_batches,
)

#: Steps of a measurement, steps before it, and texts that triples are extracted from.
STEPS, WARM_UP, TEXTS = 30, 2, 512


def train_run(
    data: dict[str, Any],
    encoder: str,
    output: str,
    options: dict[str, Any],
    strategy: str = "single",
    test: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Begins a run or goes on with it, as `gplinker train --resume` does; then tests its model.

    Args:
        data: what `DataFolder.open` takes.
        encoder: the encoder folder.
        output: the run folder.
        options: of `TrainingOptions`.
        strategy: as `train` takes it.
        test: the fields of a `FinalTest`, or `None`.

    Raises:
        KeyboardInterrupt: it was interrupted; a checkpoint is written.
    """
    result = train(
        DataFolder.open(**data),
        EncoderFolder.open(encoder),
        output,
        TrainingOptions.of(options),
        report=lambda line: print(line, flush=True),
        cache=default_cache_folder(),
        resume=True,
        strategy=strategy,
    )
    assert result is not None, "only a dry run has no result"
    if result.interrupted:
        raise KeyboardInterrupt
    if test is not None:
        FinalTest(**test).judge(Path(output))
    return {"epochs": len(result.records)}


def measure_training(data: dict[str, Any], encoder: str, options: dict[str, Any]) -> dict[str, Any]:
    """Texts a second of training steps on the data's batches, and the memory they took.

    The steps before those that are measured take the batch with the longest text: for it the most
    memory is needed.

    Args:
        data: what `DataFolder.open` takes.
        encoder: the encoder folder.
        options: of `TrainingOptions`.
    """
    settings = settled(TrainingOptions.of(options))
    if settings.deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(settings.seed)
    folder, source = DataFolder.open(**data), EncoderFolder.open(encoder)
    schema = folder.read_schema()
    aligner = new_aligner(source, schema, settings)
    texts = read_labeled_texts(folder.train, aligner, settings.limit, default_cache_folder())
    extractor = new_extractor(source, schema, settings)
    batches = training_batches(texts, extractor.model, settings)
    model, clock = extractor.model, _Clock()
    model.compile(
        new_optimizer(model, settings, settings.epochs * len(batches)),
        jit_compile=settings.jit,
        accumulation=settings.accumulation,
    )
    _fit(model, batches, _largest(batches), WARM_UP)
    _fit(model, batches, 0, 1 + STEPS, [clock])
    count = sum(_texts(batches, step) for step in range(1, 1 + STEPS))
    return {"sentences_per_second": count / clock.seconds, **peak_mebibytes()}


def measure_extraction(
    run: str, dev: str, limit: int | None, precision: str, jit: bool
) -> dict[str, Any]:
    """Texts a second from text to triples with a trained model, and the memory that took.

    The texts are extracted from twice, and the second time is measured.

    Args:
        run: the run folder.
        dev: dev texts, of which the first 512 are taken.
        limit: the first so many only.
        precision: what the layers compute in.
        jit: compile the model with XLA.
    """
    extractor = RelationExtractor.load(run, precision, jit)
    examples = read_examples(Path(dev), extractor.schema, min(limit or TEXTS, TEXTS))
    texts = [example.text for example in examples]
    extractor(texts)
    began = time.perf_counter()
    extractor(texts)
    seconds = time.perf_counter() - began
    return {"sentences_per_second": len(texts) / seconds, **peak_mebibytes()}


class _Clock(keras.callbacks.Callback):
    """The time from the end of the first step to the end of the last one."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        float(logs["loss"])  # the step has ended when its loss is there
        if not batch:
            self._began = time.perf_counter()
        self.seconds = time.perf_counter() - self._began


def _fit(
    model: Any, batches: TrainingBatches, first: int, steps: int, callbacks: Any = None
) -> None:
    data = batches.dataset(first)
    model.fit(data, steps_per_epoch=steps, callbacks=callbacks, shuffle=False, verbose=0)


def _largest(batches: TrainingBatches) -> int:
    """The step of the first epoch whose batch has the most tokens, padding among them."""
    sizes = [
        len(places) * max(len(batches.texts.encodings[place].token_ids) for place in places)
        for places in batches.order(0)
    ]
    return max(range(len(sizes)), key=sizes.__getitem__)


def _texts(batches: TrainingBatches, step: int) -> int:
    epoch, number = divmod(step, len(batches))
    return len(batches.order(epoch)[number])

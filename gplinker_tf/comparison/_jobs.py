"""The jobs for a table that run in their own processes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from gplinker_tf import RelationExtractor
from gplinker_tf._atomic_write import whole_file
from gplinker_tf._quiet import import_tensorflow
from gplinker_tf.alignment import default_cache_folder
from gplinker_tf.backend import keras
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.comparison._runs import TEST_SCORES, Run
from gplinker_tf.comparison.machine import peak_mebibytes
from gplinker_tf.comparison.worker import Worker
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.plugins import load_plugins
from gplinker_tf.runs import write_predictions
from gplinker_tf.training import prepare, train
from gplinker_tf.training.epoch_evaluation import scores_of

#: The steps of a measurement, the steps before it, and the texts of an extraction.
STEPS, WARM_UP, TEXTS = 30, 2, 512


def in_new_process(job: Callable[..., Any], *arguments: Any) -> Any:
    """Run a job in a new process, whose output is shown, and return its result.

    Raises:
        InputError: an input can't be used.
        OSError: the disk is full.
        MemoryError: memory ran out.
        RuntimeError: anything else; the last line of the message says what.
        KeyboardInterrupt: it was interrupted.
    """
    with Worker() as worker:
        worker.call(import_tensorflow)
        worker.call(load_plugins)
        return worker.call(job, *arguments)


def train_run(run: Run, data: DataFolder, encoder: EncoderFolder, strategy: str = "single") -> None:
    """Start or continue a run, as `gplinker train --resume` does, then test its model.

    Args:
        run: the run.
        data: the data folder.
        encoder: the encoder folder.
        strategy: as in `train`.

    Raises:
        KeyboardInterrupt: it was interrupted; a checkpoint is written.
    """
    result = train(
        data,
        encoder,
        run.folder,
        run.options,
        report=lambda line: print(line, flush=True),
        cache=default_cache_folder(),
        resume=True,
        strategy=strategy,
    )
    assert result is not None, "only a dry run has no result"
    if result.interrupted:
        raise KeyboardInterrupt
    if run.test is not None:
        _judge(run, run.test.path, run.test.sha256)


def _judge(run: Run, test: str, sha256: str) -> None:
    """Evaluate the model of a run on test texts, and write its predictions and scores."""
    extractor = RelationExtractor.load(run.folder)
    examples = read_examples(test, extractor.schema)
    extractions = extractor([example.text for example in examples], threshold=0.0)
    tokenize = extractor.tokenizer.tokenize
    write_predictions(run.predictions, examples, extractions, tokenize)
    scores = scores_of(evaluate_triples(examples, extractions, tokenize))
    with whole_file(run.folder / TEST_SCORES) as unfinished:
        unfinished.write_text(json.dumps({"sha256": sha256, **scores}, indent=1), "utf-8")


def measure_training(run: Run, data: DataFolder, encoder: EncoderFolder) -> dict[str, Any]:
    """Return the texts per second of a run's training steps, and the memory they took.

    The steps before those that are measured start with the batch that has the most tokens, which
    needs the most memory.
    """
    plan = prepare(
        data,
        encoder,
        run.folder,
        run.options,
        progress=False,
        report=lambda line: None,
        cache=default_cache_folder(),
    )
    plan.compile()
    clock, batches = _Clock(), plan.batches
    for first, steps in ((_largest(batches), WARM_UP), (0, 1 + STEPS)):
        plan.extractor.model.fit(
            batches.dataset(first), steps_per_epoch=steps, callbacks=[clock], verbose=0
        )
    count = sum(_texts(batches, step) for step in range(1, 1 + STEPS))
    return {"sentences_per_second": count / clock.seconds, **peak_mebibytes()}


def measure_extraction(run: Run, data: DataFolder, encoder: EncoderFolder) -> dict[str, Any]:
    """Return the texts per second of extraction with a run's model, and the memory it took.

    Triples are extracted from at most 512 dev texts twice, and the second time is measured.
    """
    options = run.options
    extractor = RelationExtractor.load(run.folder, options.precision, options.jit)
    limit = min(options.dev_limit or TEXTS, TEXTS)
    texts = [example.text for example in read_examples(data.dev, extractor.schema, limit)]
    extractor(texts, threshold=0.0)
    began = time.perf_counter()
    extractor(texts, threshold=0.0)
    seconds = time.perf_counter() - began
    return {"sentences_per_second": len(texts) / seconds, **peak_mebibytes()}


class _Clock(keras.callbacks.Callback):
    """A callback that measures the time from the end of the first step to the end of the last."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        float(logs["loss"])  # the step has ended when its loss is available
        if not batch:
            self._began = time.perf_counter()
        self.seconds = time.perf_counter() - self._began


def _largest(batches: TrainingBatches) -> int:
    """Return the step of the first epoch whose batch has the most tokens, including padding."""
    sizes = [
        len(places) * max(len(batches.texts.encodings[place].token_ids) for place in places)
        for places in batches.order(0)
    ]
    return max(range(len(sizes)), key=sizes.__getitem__)


def _texts(batches: TrainingBatches, step: int) -> int:
    epoch, number = divmod(step, len(batches))
    return len(batches.order(epoch)[number])

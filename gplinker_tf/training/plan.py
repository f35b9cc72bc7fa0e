"""The plan of a run: its input is checked and its model built, but nothing is written yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._html import html_block, html_line
from gplinker_tf._reprs import shortened_path
from gplinker_tf.alignment import StatusCounts, read_labeled_texts
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.data import AnnotatedTexts, DataFolder, check_texts
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.extraction import CompatibleTypes, RelationExtractor
from gplinker_tf.metrics import Evaluation
from gplinker_tf.models import RelationModel
from gplinker_tf.runs import run_config
from gplinker_tf.structures import Example
from gplinker_tf.training._fitting import fit
from gplinker_tf.training._strategy import (
    expect_text_for_each_replica,
    in_words,
    new_strategy,
)
from gplinker_tf.training.memory import memory_in_words
from gplinker_tf.training.optimizer import AveragingAdam
from gplinker_tf.training.options import SettledOptions, TrainingOptions
from gplinker_tf.training.preparation import (
    BuildModel,
    new_aligner,
    new_extractor,
    new_optimizer,
    perfect_evaluation,
    training_batches,
)
from gplinker_tf.training.result import TrainingResult

#: With fewer steps, hardly anything is found; docs/training.md has the measurements.
FEW_STEPS = 150


@dataclass(frozen=True, repr=False)
class TrainingPlan:
    """A run that is ready to start: `prepare` makes the plan, `fit` trains it.

    Args:
        output: the run folder.
        options: its settings, with nothing left to the recipe.
        extractor: the untrained model, with its tokenizer and schema.
        batches: the training batches.
        dev: the dev texts.
        config: the content of `run.yaml`.
        strategy: the distribution strategy.
        warnings: warnings about the texts.
        statuses: how much of the annotation can be learned.
        ceiling: the evaluation on the dev texts if the model's scores were perfect.
        train_path: the training file, for messages.
        teacher: a model whose scores are learned instead of the labels, or `None`.

    Example:

    >>> from importlib.resources import files
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> data, encoder = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
    >>> options = TrainingOptions(limit=64, dev_limit=16, epochs=50)
    >>> plan = prepare(data, encoder, "run", options, progress=False)
    >>> plan, plan.options.batch_size, plan.batches
    (TrainingPlan(gplinker, 400 steps, 'run'), 8, TrainingBatches(64 texts, 8 steps of 8))
    """

    output: Path
    options: SettledOptions
    extractor: RelationExtractor
    batches: TrainingBatches
    dev: Sequence[Example]
    config: dict[str, Any]
    strategy: tf.distribute.Strategy
    warnings: Sequence[str]
    statuses: StatusCounts
    ceiling: Evaluation
    train_path: Path
    teacher: RelationModel | None = None
    _begun: list[bool] = field(default_factory=list)

    def __repr__(self) -> str:
        steps = counted(self.steps, "step")
        return f"TrainingPlan({self.extractor.model.kind}, {steps}, {shortened_path(self.output)})"

    def _repr_html_(self) -> str:
        return html_block(*map(html_line, [repr(self), *self.lines()]))

    @property
    def steps(self) -> int:
        """The number of steps in all epochs."""
        return self.options.epochs * len(self.batches)

    def describe(self) -> str:
        """Describe what will be trained, on what, how, and in how much memory, with warnings."""
        return "\n".join([*self.lines(), self.memory_in_words()])

    def lines(self) -> list[str]:
        """Return the description line by line, without the memory."""
        weights = self.extractor.model.trainable_weights
        parameters = sum(int(np.prod(weight.shape)) for weight in weights)
        predicates = counted(len(self.extractor.schema.predicates), "predicate")
        lines = [
            *self.warnings,
            f"{self.batches.texts.in_words()} to train on, {len(self.dev):,} to "
            f"evaluate on, {predicates}, {parameters:,} parameters, "
            f"{counted(self.steps, 'step')}, on {in_words(self.strategy)}",
            self.options.in_words(),
        ]
        if self.steps < FEW_STEPS and self.teacher is None:
            epochs = ceil(FEW_STEPS / len(self.batches))
            lines.append(
                f"A new model learns hardly anything in {counted(self.steps, 'step')}: F1 will "
                f"be near 0. Train for --epochs {epochs} (epochs={epochs}) or more."
            )
        return [*lines, self._labels_in_words()]

    def memory_in_words(self) -> str:
        """Describe how much memory a step will take, and what would make it fit if it does not."""
        return memory_in_words(self.extractor, self.options)

    def _labels_in_words(self) -> str:
        """Describe how much of the annotation can be learned, and how much found at best."""
        train, dev, model = self.statuses, self.ceiling, self.extractor.model.kind
        lost = f"{train.lost:,} of {train.annotated:,} training triples can't be learned"
        causes = f": {train.lost_in_words()}" if train.lost else ""
        best, spurious = dev.tokenized, dev.tokenized.found - dev.tokenized.correct
        found = f"{best.recall:.2%} of the dev triples ({dev.exact.recall:.2%} exact)"
        if spurious:
            found += f" and {spurious:,} beyond the annotated ones, for an F1 of {best.f1:.2%}"
        return (
            f"{lost}{causes}; with perfect scores, {model} would find {found}. gplinker audit "
            f"--model {model} shows which."
        )

    def compile(self) -> AveragingAdam:
        """Compile the model as `fit` does before training.

        Returns:
            The optimizer.
        """
        model, options = self.extractor.model, self.options
        with self.strategy.scope():
            optimizer = new_optimizer(model, options, self.steps)
            model.compile(
                optimizer,
                jit_compile=options.jit,
                accumulation=options.accumulation,
                adversarial=options.adversarial,
                teacher=self.teacher,
            )
        return optimizer

    def fit(
        self,
        overwrite: bool = False,
        resume: bool = False,
        progress: bool = True,
        report: Callable[[str], None] = print,
        checkpoint_minutes: float = 10.0,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> TrainingResult:
        """Train, evaluate after each epoch, and keep the best model in the run folder.

        Args:
            overwrite: replace the run in a folder that is not empty.
            resume: continue the run in the folder, or start it if there is none yet. A plan that
                has started continues in any case, so after an interruption a notebook cell can
                simply be run again.
            progress: show progress bars.
            report: takes lines of text about the run.
            checkpoint_minutes: minutes between checkpoints; each epoch also ends with one.
            callbacks: Keras callbacks, which run after the run's own; `train` says what they see.

        Raises:
            InputError: the output folder is not empty or used by another run, the run in it had
                other options, or the loss is not finite.
            ValueError: `overwrite` is True for a plan that has already been trained.
        """
        if self._begun and overwrite:
            raise ValueError(
                "Expected a plan that has not been trained yet. Received: overwrite=True for one "
                "whose model has been trained. Prepare a new plan, or leave overwrite out to "
                "continue."
            )
        resume = resume or bool(self._begun)
        return fit(self, overwrite, resume, progress, report, checkpoint_minutes, callbacks)


def prepare(
    data: DataFolder | str | Path,
    encoder: EncoderFolder | str | Path,
    output: str | Path,
    options: TrainingOptions | None = None,
    progress: bool = True,
    report: Callable[[str], None] = print,
    cache: Path | None = None,
    strategy: str | tf.distribute.Strategy = "single",
    build_model: BuildModel | None = None,
) -> TrainingPlan:
    """Read and check all input of a run, choose its settings and build its model.

    Nothing is written to the run folder. The plan's `describe` says what `fit` will train.

    Args:
        data: the folder with training texts, dev texts and the schema; `create_data_folder` makes
            one from lists or DataFrames.
        encoder: the encoder folder.
        output: the run folder, which need not exist.
        options: the settings; the recipe chooses what they leave open, or everything if `None`.
        progress: show progress bars.
        report: called with a line about the predicates if they come from the data.
        cache: a folder that keeps the tokenized texts for the next run, such as
            `default_cache_folder()`, or `None`.
        strategy: the distribution strategy, as in `train`.
        build_model: a function that builds a model from the encoder and the number of
            predicates; the options then only say how it is trained. `None` builds the model of
            the options.

    Returns:
        The plan of the run.

    Raises:
        InputError: a file can't be used or has no triples.
        TypeError: `build_model` does not return a model.

    Example, in a notebook, which displays the plan and the result:

        plan = prepare("lic2019", "chinese_L-12_H-768_A-12", "run")
        plan
        plan.fit(callbacks=[keras.callbacks.EarlyStopping("val_f1", patience=3)])
    """
    data = data if isinstance(data, DataFolder) else DataFolder.open(data)
    encoder = encoder if isinstance(encoder, EncoderFolder) else EncoderFolder.open(encoder)
    options = options or TrainingOptions()
    where = new_strategy(strategy) if isinstance(strategy, str) else strategy
    if options.deterministic:
        tf.config.experimental.enable_op_determinism()
    schema = data.read_schema(report)
    dev = AnnotatedTexts.read(data.dev, schema, options.dev_limit)
    train = AnnotatedTexts.read(data.train, schema, options.limit)
    warnings = check_texts(train, dev)
    hidden_size = encoder.config()["hidden_size"]
    pretrained = encoder.checkpoint_path is not None
    settled = options.for_data(len(train), hidden_size, pretrained)
    aligner = new_aligner(encoder, schema, settled)
    texts = read_labeled_texts(train.path, aligner, settled.limit, cache, progress, train)
    if len(texts) > len(train):  # the model learns from windows
        labeled, settled = settled, options.for_data(len(texts), hidden_size, pretrained)
        if settled.occurrences != labeled.occurrences:
            aligner = new_aligner(encoder, schema, settled)
            texts = read_labeled_texts(train.path, aligner, settled.limit, cache, progress, train)
    dev_texts = read_labeled_texts(dev.path, aligner, settled.dev_limit, cache, progress, dev)
    expect_text_for_each_replica(where, settled.batch_size)
    config = run_config(data, encoder, settled.flat())
    if build_model is not None:
        # The command line can't call it, so it refuses a run.yaml that names it.
        config["build_model"] = getattr(build_model, "__qualname__", type(build_model).__name__)

    keras.utils.set_random_seed(settled.seed)
    with where.scope():
        extractor = new_extractor(encoder, schema, settled, build_model)
    assert texts.statuses is not None, "reading counts them"
    extractor.compatible_types = CompatibleTypes.learn(train.examples, schema)
    return TrainingPlan(
        output=Path(output),
        options=settled,
        extractor=extractor,
        batches=training_batches(texts, extractor.model, settled),
        dev=dev.examples,
        config=config,
        strategy=where,
        warnings=warnings,
        statuses=texts.statuses,
        ceiling=perfect_evaluation(extractor.model, aligner, dev.examples, dev_texts),
        train_path=data.train,
    )

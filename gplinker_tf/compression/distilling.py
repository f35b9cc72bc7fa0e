"""Distillation: a smaller model learns from the scores of a larger one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from gplinker_tf.compression.layers import (
    LAYERS,
    copy_weights,
    in_words,
    layers_of,
    spread_layers,
)
from gplinker_tf.compression.teacher_folder import TeacherFolder
from gplinker_tf.compression.teacher_labels import label_texts
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.models import MODELS, ModelOptions
from gplinker_tf.option import options_of
from gplinker_tf.runs import TEACHER_LABELS, expect_another, expect_free
from gplinker_tf.training import TrainingOptions, TrainingPlan, TrainingResult, prepare


def distill(
    run: str | Path,
    texts: Iterable[str],
    output: str | Path,
    layers: int = 3,
    options: TrainingOptions | None = None,
    overwrite: bool = False,
    progress: bool = True,
    report: Callable[[str], None] = print,
    resume: bool = False,
    checkpoint_minutes: float = 10.0,
) -> TrainingResult:
    """Train a student on a teacher's scores for texts without labels.

    This is `prepare_distillation` followed by the plan's `fit`: the student is a run like any
    other, with checkpoints, a history and the best model in its folder.

    Args:
        run: the run folder of the teacher, a GPLinker.
        texts: texts like those that the student will read, at least some thousands.
        output: the run folder of the student.
        layers: the number of layers of the teacher's encoder that the student keeps.
        options: the training options; model options, `max_length` and `long` are the teacher's.
        overwrite: whether to replace the run in a folder that is not empty.
        progress: whether to show progress bars.
        report: a function that receives lines of text about the run.
        resume: whether to continue the run in the folder; starts it if there is none.
        checkpoint_minutes: the minutes between two checkpoints; each epoch also ends with one.

    Returns:
        The result. Its scores compare the student with the teacher on held-out texts.

    Raises:
        InputError: the teacher can't be loaded or is not a GPLinker, its folder is the student's,
            there are too few texts; or as in `gplinker_tf.train`.

    Example, with a run folder and texts in a file:

        distill("run", read_texts("texts.jsonl"), "student", layers=3)

    Source: Hinton et al., https://arxiv.org/abs/1503.02531; starting from layers of the teacher is
    from DistilBERT, https://arxiv.org/abs/1910.01108.
    """
    if not resume:
        expect_free(Path(output), overwrite, resume)
    plan = prepare_distillation(run, texts, output, layers, options, progress, report, resume)
    for line in plan.lines():
        report(line)
    return plan.fit(overwrite, resume, progress, report, checkpoint_minutes)


def prepare_distillation(
    run: str | Path,
    texts: Iterable[str],
    output: str | Path,
    layers: int = 3,
    options: TrainingOptions | None = None,
    progress: bool = True,
    report: Callable[[str], None] = print,
    resume: bool = False,
) -> TrainingPlan:
    """Plan a student's run and write the teacher's labels to its folder.

    Args:
        run: the run folder of the teacher.
        texts: texts to learn from; one in 20 is held out.
        output: the run folder of the student.
        layers: the number of layers of the teacher's encoder that the student keeps.
        options: the training options.
        progress: whether to show progress bars.
        report: a function that receives lines of text about the run.
        resume: whether to keep labels that the folder already has for these texts.

    Returns:
        The plan; its `fit` trains the student.

    Raises:
        InputError: as in `distill`.

    Example, with a run folder and texts in a file:

        plan = prepare_distillation("run", read_texts("texts.jsonl"), "student")
        plan.fit()
    """
    expect_another(Path(output), Path(run))
    teacher = RelationExtractor.load(run)
    _expect_teacher(teacher)
    chosen = spread_layers(layers, layers_of(teacher))
    encoder = {**(teacher.encoder_config or {}), LAYERS: len(chosen)}
    data = label_texts(teacher, texts, Path(output) / TEACHER_LABELS, progress, resume)
    plan = prepare(
        data,
        TeacherFolder.of(run, teacher, encoder),
        output,
        replace(
            options or TrainingOptions(),
            model=_options_of_model(teacher),
            encoder_layers=None,
            initial_score=0.0,  # the initial scores are the teacher's
            max_length=teacher.max_length,
            long=teacher.windows.long,
        ),
        progress,
        report,
    )
    copy_weights(teacher.model, plan.extractor.model, chosen)
    plan.extractor.compatible_types = teacher.compatible_types
    about = f"The student has {in_words(chosen, layers_of(teacher))} and learns from {run}."
    config = {**plan.config, "teacher": str(Path(run).resolve()), "layers": chosen}
    warnings = [*plan.warnings, about]
    return replace(plan, teacher=teacher.model, config=config, warnings=warnings)


def _expect_teacher(teacher: RelationExtractor) -> None:
    if not teacher.model.can_learn_from(teacher.model):
        raise InputError(
            "Expected a teacher whose scores a student can learn: a gplinker with this package's "
            f"pointer layers. Received: {teacher.model.kind!r}. Train a smaller model on labels "
            "instead: gplinker train --encoder-layers 3."
        )


def _options_of_model(teacher: RelationExtractor) -> ModelOptions:
    options = MODELS[teacher.model.kind].options
    return options(**{name: getattr(teacher.model, name) for name in options_of(options)})

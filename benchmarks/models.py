"""GPLinker compared with the other models: what the blog says about them, as figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.comparison import Result, compare, compare_amounts, race
from benchmarks.settings import HEAD, Settings
from benchmarks.worker import Worker
from gplinker_tf.comparison import VARIANTS
from gplinker_tf.comparison.variants import REFERENCE

GPLINKER = "GPLinker Efficient"
TPLINKERS = {"tplinker": "TPLinker", "tplinker-plus": "TPLinker-plus"}


def casrel_training(settings: Settings) -> Iterator[Result]:
    """Training on real texts, compared with CasRel."""
    yield _training(settings, "casrel", "CasRel", ">= 0.95")


def tplinker_training(settings: Settings) -> Iterator[Result]:
    """Training on real texts, compared with TPLinker and TPLinker-plus."""
    for model, name in TPLINKERS.items():
        yield _training(settings, model, name)


def _training(settings: Settings, model: str, name: str, target: str = "") -> Result:
    steps = 5
    ours = partial(
        Worker, "ours:training", data=settings.data, encoder=settings.encoder, steps=steps
    )
    pairs = race(ours, partial(ours, model=model), "training", settings.turns)
    figure = "training on LIC2019"
    return compare(figure, (GPLINKER, name), pairs, target, sentences=steps * 16)


def casrel_extraction(settings: Settings) -> Iterator[Result]:
    """Extraction, compared with CasRel: its encoder run again per subject, and run once.

    It needs trained models, because untrained ones tag everything or nothing.
    """
    if settings.table is None:
        return
    sentences = 64
    runs = settings.table / "runs"
    extraction = partial(Worker, "ours:extraction", data=settings.data, sentences=sentences)
    ours = partial(extraction, run=runs / "gplinker-efficient-seed-1")
    for again, name, target in (
        (True, "CasRel as in its script", ">= 2"),
        (False, "CasRel, encoder run once", ""),
    ):
        casrel = partial(extraction, run=runs / "casrel-seed-1", encode_again=again)
        pairs = race(ours, casrel, "extraction", settings.turns)
        with casrel() as worker:
            names = GPLINKER, f"{name}, {worker.value('subjects'):.2f} subjects per text"
        yield compare("extraction", names, pairs, target, sentences=sentences)


def multihot(settings: Settings) -> Iterator[Result]:
    """Pointer layer and loss, sparse (ours and as published), compared with multi-hot targets."""
    for form, name, target in (
        ("sparse", "sparse from factors", ">= 1.5"),
        ("published", "sparse as published", ""),
    ):
        ours, other = (
            partial(Worker, "ours:pointer", kind="efficient", form=each, **HEAD)
            for each in (form, "multihot")
        )
        pairs = race(ours, other, "step", settings.turns)
        figure = "efficient pointer and loss, forward and backward"
        yield compare(figure, (name, "multi-hot"), pairs, target)


def tplinker_memory(settings: Settings) -> Iterator[Result]:
    """Peak extra memory of a training step, 16 texts of 128 tokens, in fresh processes."""
    arguments = {"encoder": settings.encoder, "predicates": 49}
    values = {name: _peak(arguments | {"variant": name}) for name in (REFERENCE, *TPLINKERS)}
    for variant, name in TPLINKERS.items():
        pair = values[REFERENCE], values[variant]
        figure = "training step, B = 16, L = 128, peak extra memory"
        yield compare_amounts(figure, (GPLINKER, name), pair, "MiB")


def _peak(arguments: dict) -> float:
    with Worker("ours:training_step", **arguments) as worker:
        return worker.peak_mebibytes("whole")


def memory_estimate(settings: Settings) -> Iterator[Result]:
    """Memory of a training step as `--dry-run` estimates it, compared with the measured peak."""
    for variant in VARIANTS:
        arguments = {"encoder": settings.encoder, "predicates": 49, "variant": variant}
        with Worker("ours:training_step", **arguments) as worker:
            pair = worker.value("estimate"), worker.peak_mebibytes("whole")
        figure = f"memory of a training step, {variant}"
        yield compare_amounts(figure, ("estimate", "measured"), pair, "MiB")


MODEL_FIGURES = {
    "casrel-training": casrel_training,
    "casrel-extraction": casrel_extraction,
    "multihot": multihot,
    "tplinker-training": tplinker_training,
    "tplinker-memory": tplinker_memory,
    "memory-estimate": memory_estimate,
}

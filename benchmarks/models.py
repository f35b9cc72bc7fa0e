"""The blog's sentences about the other models, as figures: GPLinker beside each of them."""

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
    """Training on real lines against CasRel's."""
    yield _training(settings, "casrel", "CasRel", ">= 0.95")


def tplinker_training(settings: Settings) -> Iterator[Result]:
    """Training on real lines against the TPLinkers'."""
    for model, name in TPLINKERS.items():
        yield _training(settings, model, name)


def _training(settings: Settings, model: str, name: str, wanted: str = "") -> Result:
    steps = 5
    ours = partial(
        Worker, "ours:training", data=settings.data, encoder=settings.encoder, steps=steps
    )
    pairs = race(ours, partial(ours, model=model), "training", settings.turns)
    figure = f"training on LIC2019, beside {name}"
    return compare(figure, (GPLINKER, name), pairs, wanted, sentences=steps * 16)


def casrel_extraction(settings: Settings) -> Iterator[Result]:
    """Texts to triples against CasRel, its encoder run again for each subject, and run once.

    Models that are not trained mark everything, or nothing: without a table there is no figure.
    """
    if settings.table is None:
        return
    sentences = 64
    runs = settings.table / "runs"
    extraction = partial(Worker, "ours:extraction", data=settings.data, sentences=sentences)
    ours = partial(extraction, run=runs / "gplinker-efficient-seed-1")
    for again, name, wanted in (
        (True, "CasRel as in its script", ">= 2"),
        (False, "CasRel, encoder run once", ""),
    ):
        casrel = partial(extraction, run=runs / "casrel-seed-1", encode_again=again)
        pairs = race(ours, casrel, "extraction", settings.turns)
        with casrel() as worker:
            names = GPLINKER, f"{name}, {worker.value('subjects'):.2f} subjects a text"
        yield compare(f"extraction, beside {name}", names, pairs, wanted, sentences=sentences)


def multihot(settings: Settings) -> Iterator[Result]:
    """Head and loss, sparse as shipped and sparse as published, against multi-hot targets."""
    for form, name, wanted in (
        ("sparse", "sparse from factors", ">= 1.5"),
        ("published", "sparse as published", ""),
    ):
        ours, other = (
            partial(Worker, "ours:pointer", kind="efficient", form=each, **HEAD)
            for each in (form, "multihot")
        )
        pairs = race(ours, other, "step", settings.turns)
        figure = "efficient pointer and loss, forward and backward"
        yield compare(figure, (name, "multi-hot"), pairs, wanted)


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
    """What `--dry-run` says a step takes, against what it took, for each model of the table."""
    for variant in VARIANTS:
        arguments = {"encoder": settings.encoder, "predicates": 49, "variant": variant}
        with Worker("ours:training_step", **arguments) as worker:
            pair = worker.value("estimate"), worker.peak_mebibytes("whole")
        figure = f"training step, B = 16, L = 128, memory of {variant}"
        yield compare_amounts(figure, ("estimate", "measured"), pair, "MiB")


MODEL_FIGURES = {
    "casrel-training": casrel_training,
    "casrel-extraction": casrel_extraction,
    "multihot": multihot,
    "tplinker-training": tplinker_training,
    "tplinker-memory": tplinker_memory,
    "memory-estimate": memory_estimate,
}

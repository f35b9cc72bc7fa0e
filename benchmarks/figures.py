"""The figures of `docs/performance.md`, one function per figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from math import nan
from pathlib import Path
from statistics import median

from benchmarks.comparison import (
    COST,
    SPEED_UP,
    WARM_UP,
    Ratio,
    Result,
    compare,
    compare_amounts,
    race,
    take_turns,
)
from benchmarks.models import MODEL_FIGURES
from benchmarks.settings import HEAD, Settings
from benchmarks.worker import Worker

OURS = "gplinker_tf"
SIDES = ("ours", "bert4keras")
PEERS = {"bert4keras": "bert4keras:pointer", "bert4torch": "torch:pointer"}


def pointer_efficient(settings: Settings) -> Iterator[Result]:
    """Efficient pointer layer and its loss, forward and backward."""
    yield from _pointer(settings, "efficient", {"bert4keras": ">= 12", "bert4torch": ">= 20"})


def pointer_standard(settings: Settings) -> Iterator[Result]:
    """Standard pointer layer and its loss, forward and backward."""
    yield from _pointer(settings, "standard", {"bert4keras": ">= 2", "bert4torch": ""})


def _pointer(settings: Settings, kind: str, targets: dict[str, str]) -> Iterator[Result]:
    for peer, side in PEERS.items():
        sides = (partial(Worker, name, kind=kind, **HEAD) for name in ("ours:pointer", side))
        pairs = race(*sides, "step", settings.turns)
        figure = f"{kind} pointer and loss, forward and backward"
        yield compare(figure, (OURS, peer), pairs, targets[peer])


def memory(settings: Settings) -> Iterator[Result]:
    """Peak extra memory of each pointer layer and its loss at L = 512, in fresh processes."""
    for kind, target in (("efficient", "<= 0.05"), ("standard", "")):
        sides = ("ours:pointer", "bert4keras:pointer")
        values = [_peak(side, HEAD | {"kind": kind, "length": 512}) for side in sides]
        figure = f"{kind} pointer and loss, L = 512, peak extra memory"
        yield compare_amounts(figure, (OURS, "bert4keras"), values, "MiB", target)


def _peak(side: str, arguments: dict) -> float:
    with Worker(side, **arguments) as worker:
        worker.seconds("small")  # so that memory of the libraries themselves is not counted
        return worker.peak_mebibytes("step")


def step(settings: Settings) -> Iterator[Result]:
    """A whole training step of GPLinker, compared with a step of its encoder alone."""
    with Worker("ours:training_step", encoder=settings.encoder, predicates=49) as worker:
        pairs = take_turns(
            partial(worker.seconds, "whole"), partial(worker.seconds, "encoder"), settings.turns
        )
    yield compare(
        "training step, 49 predicates", (OURS, "its encoder alone"), pairs, "<= 1.1", COST
    )


def predicates(settings: Settings) -> Iterator[Result]:
    """A whole training step with 1,000 predicates, compared with 50."""
    yield _steps(
        settings,
        "training step",
        ("1,000 predicates", "50 predicates"),
        ({"predicates": 1000}, {"predicates": 50}),
        "<= 1.3",
        COST,
    )


def precision(settings: Settings) -> Iterator[Result]:
    """A whole training step in mixed bfloat16, and under XLA."""
    plain = {"predicates": 49}
    for name, change in (
        ("mixed_bfloat16", {"precision": "mixed_bfloat16"}),
        ("XLA", {"jit": True}),
        ("mixed_bfloat16 and XLA", {"precision": "mixed_bfloat16", "jit": True}),
    ):
        yield _steps(settings, "training step", (name, "float32"), (plain | change, plain))


def _steps(
    settings: Settings,
    figure: str,
    names: tuple[str, str],
    sides: tuple[dict, dict],
    target: str = "",
    ratio_of: str = SPEED_UP,
) -> Result:
    step = partial(Worker, "ours:training_step", encoder=settings.encoder)
    pairs = race(*(partial(step, **side) for side in sides), "whole", settings.turns)
    return compare(figure, names, pairs, target, ratio_of)


def training(settings: Settings) -> Iterator[Result]:
    """Training on real texts, compared with the script, in float32 and mixed bfloat16."""
    steps = 5
    turns = settings.turns // 2 + 1  # a turn has several steps
    arguments = {"data": settings.data, "encoder": settings.encoder, "steps": steps}
    for precision in ("float32", "mixed_bfloat16"):
        ours = partial(Worker, "ours:training", **arguments, precision=precision)
        other = partial(Worker, "bert4keras:training", **arguments, turns=turns + WARM_UP)
        pairs = race(ours, other, "training", turns)
        figure, names = f"training on LIC2019, {precision}", (OURS, "the script on bert4keras")
        yield compare(figure, names, pairs, ">= 3", sentences=steps * 16)


def padding(settings: Settings) -> Iterator[Result]:
    """Tokens of an epoch's batches per token of text, compared with the script's batches."""
    arguments = {"data": settings.data, "encoder": settings.encoder}
    with (
        Worker("ours:padding", **arguments) as ours,
        Worker("bert4keras:padding", **arguments) as other,
    ):
        shares = ours.value("share"), other.value("share")
    names = OURS, "the script on bert4keras"
    figure = "training batches, tokens per token of text"
    yield compare_amounts(figure, names, shares, "tokens")


def extraction(settings: Settings) -> Iterator[Result]:
    """Extraction, compared with the encoder's forward pass on the same batches."""
    sentences = 250
    with Worker(
        "ours:extraction", run=_run(settings), data=settings.data, sentences=sentences
    ) as worker:
        pairs = take_turns(
            partial(worker.seconds, "extraction"),
            partial(worker.seconds, "encoder"),
            settings.turns,
        )
    names = OURS, "its encoder's forward pass"
    yield compare("extraction", names, pairs, "<= 1.12", COST, sentences=sentences)


def extraction_script(settings: Settings) -> Iterator[Result]:
    """Extraction, compared with the script's loop, with a full-size and a small encoder."""
    for name, run, target in (
        ("the run's encoder", _run(settings), ">= 6"),
        ("encoder of 2 layers x 128", _small_run(settings), ">= 30"),
    ):
        arguments = {"run": run, "data": settings.data, "sentences": 64}
        sides = (partial(Worker, f"{side}:extraction", **arguments) for side in SIDES)
        pairs = race(*sides, "extraction", settings.turns // 2 + 1)
        names = OURS, "the script's loop on bert4keras"
        yield compare(f"extraction, {name}", names, pairs, target, sentences=64)


def _run(settings: Settings) -> Path:
    if settings.run is not None:
        return settings.run
    return _trained(settings, settings.encoder, settings.folder / "run", steps=200)


def _small_run(settings: Settings) -> Path:
    source = settings.folder / "small-encoder"
    source.mkdir(parents=True, exist_ok=True)
    vocabulary = (settings.encoder / "vocab.txt").read_bytes()
    (source / "vocab.txt").write_bytes(vocabulary)
    sizes = {
        "vocab_size": len(vocabulary.splitlines()),
        "hidden_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 512,
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
    }
    (source / "config.json").write_text(json.dumps(sizes))
    return _trained(settings, source, settings.folder / "small-run", steps=600)


def _trained(settings: Settings, encoder: Path, run: Path, steps: int) -> Path:
    if not (run / "model.safetensors").exists():
        arguments = {"data": settings.data, "encoder": encoder, "output": run, "steps": steps}
        with Worker("ours:trained_run", **arguments) as worker:
            worker.seconds("train")
    return run


def encoder(settings: Settings) -> Iterator[Result]:
    """BERT base's forward pass, compared with transformers on torch."""
    sides = (partial(Worker, f"{side}:bert_base") for side in ("ours", "torch"))
    pairs = race(*sides, "forward", settings.turns)
    names = OURS, "transformers on torch"
    yield compare("BERT base, forward, B = 8, L = 128", names, pairs, "<= 1.25", COST)


def input_side(settings: Settings) -> Iterator[Result]:
    """Speed from the file to an epoch's batches, with an empty and a filled cache."""
    with Worker("ours:input_side", data=settings.data, encoder=settings.encoder) as worker:
        sentences = worker.value("warm")
        for work, expected in (("cold", 4000), ("warm", 10000)):
            speeds = [sentences / worker.seconds(work).clock for _ in range(5)]
            yield Result(
                *(f"input side, {work} cache", OURS, "the target", "sentences/s"),
                *(median(speeds), expected, Ratio.of(speed / expected for speed in speeds)),
                *("ours / target", len(speeds), ">= 1"),
            )


def error(settings: Settings) -> Iterator[Result]:
    """Error of loss and gradients against float64, compared with the dense form in float32."""
    for kind in ("efficient", "standard"):
        ratios = []
        for length in (1, 2, 33, 128, 512):
            with Worker("ours:error", kind=kind, length=length) as worker:
                ratios.append(worker.value("error"))
        highest = Ratio(max(ratios), min(ratios), max(ratios))
        yield Result(
            *(f"{kind}, error of loss and gradients, L = 1 to 512", OURS, "dense float32"),
            *("ratio of errors", nan, nan, highest, COST, len(ratios), "<= 2"),
        )


FIGURES = {
    "pointer-efficient": pointer_efficient,
    "pointer-standard": pointer_standard,
    "memory": memory,
    "step": step,
    "predicates": predicates,
    "precision": precision,
    "training": training,
    "padding": padding,
    "extraction": extraction,
    "extraction-script": extraction_script,
    "encoder": encoder,
    "input": input_side,
    "error": error,
    **MODEL_FIGURES,
}

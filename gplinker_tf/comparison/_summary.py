"""All that a table says, counted once for all its forms: what `table.json` holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import prod
from typing import Any

from safetensors import safe_open

from gplinker_tf.comparison._machine import machine
from gplinker_tf.comparison._runs import Run
from gplinker_tf.comparison._scores import scores
from gplinker_tf.comparison._speeds import Speeds
from gplinker_tf.comparison.variants import BLOG_F1, BLOG_SIZES, OF_A_RUN, VARIANTS
from gplinker_tf.extraction import WEIGHTS
from gplinker_tf.metrics.bootstrap import LEVEL, RESAMPLES, SEED
from gplinker_tf.runs import versions
from gplinker_tf.training import TrainingOptions

#: Of the blog's encoder, BERT base.
BLOG_LAYERS = 12


@dataclass(frozen=True)
class Setting:
    """What all runs of a table have in common.

    Args:
        data: name of the data folder.
        texts: texts to train on.
        dev_texts: texts to evaluate on after each epoch.
        test: name of the file of other texts that F1 is of, or `None`: it is of those.
        test_texts: how many texts it has.
        encoder: name of the encoder folder.
        layers: blocks of the encoder that are used.
        hidden: its hidden size.
        sha256: of each input file.
    """

    data: str
    texts: int
    dev_texts: int
    test: str | None
    test_texts: int
    encoder: str
    layers: int
    hidden: int
    sha256: dict[str, str] = field(repr=False)

    @property
    def is_the_blogs(self) -> bool:
        """Whether data and encoder are of the blog's size."""
        same_encoder = self.layers == BLOG_LAYERS and self.hidden == BLOG_SIZES.hidden_size
        return same_encoder and self.texts >= BLOG_SIZES.texts


def summary(
    runs: Sequence[Run], setting: Setting, speeds: Speeds, failures: Mapping[str, str]
) -> dict[str, Any]:
    """Plain values: a row a variant in the order of `VARIANTS`, and how they came about.

    Args:
        runs: those that belong to the table, whatever their state.
        setting: what they have in common.
        speeds: what was measured.
        failures: by the names of runs why they failed.
    """
    finished: dict[str, list[Run]] = {}
    variants = [name for name in VARIANTS if any(run.variant == name for run in runs)]
    for variant in variants:
        done = [run for run in runs if run.variant == variant and run.finished]
        if done:
            finished[variant] = sorted(done, key=lambda run: run.seed)
    scored, shared = scores(finished), _shared_options(runs)
    rows = []
    for variant in variants:
        of_variant = sorted((r for r in runs if r.variant == variant), key=lambda run: run.seed)
        row = {
            "variant": variant,
            "runs": [_run(run, failures) for run in of_variant],
            "blog_f1": BLOG_F1.get(variant),
        }
        if variant in finished:
            done = finished[variant]
            row |= scored[variant] | {
                "own_options": _own_options(done[0], shared),
                "head_parameters": head_parameters(done[0]),
                "minutes_trained": sum(map(_minutes, done)) / len(done),
                "speeds": speeds.of(variant),
            }
        rows.append(row)
    return {
        "rows": rows,
        "setting": asdict(setting) | {"is_the_blogs": setting.is_the_blogs},
        "options": shared,
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "rounds": speeds.rounds,
        "versions": _versions([run for done in finished.values() for run in done]),
        "machine": speeds.machine or machine(),
    }


def head_parameters(run: Run) -> int:
    """Parameters of a finished run's model that are not the encoder's."""
    with safe_open(run.folder / WEIGHTS, "numpy") as weights:
        return sum(
            prod(weights.get_slice(name).get_shape())
            for name in weights.keys()  # noqa: SIM118  it is no dict
            if not name.startswith("encoder/")
        )


def _run(run: Run, failures: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": run.name, "seed": run.seed, "state": run.state}
    best = run.best
    if run.finished and best is not None:
        row["epoch"] = best["epoch"]
        row |= {name: run.final_scores[name] for name in ("f1", "exact_f1", "precision", "recall")}
        row["minutes_trained"] = _minutes(run)
        row["accumulation"] = run.config.get("accumulation", TrainingOptions.accumulation)
    elif run.name in failures:
        row["failure"] = failures[run.name]
    return row


def _versions(runs: Sequence[Run]) -> dict[str, str]:
    """Those that the runs were trained with; before there is one, those here."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for name, value in run.config.get("versions", {}).items():
            found.setdefault(name, {})[value] = None
    return {name: " and ".join(values) for name, values in found.items()} or versions()


def _minutes(run: Run) -> float:
    return sum(record["training_seconds"] for record in run.records) / 60


def _shared_options(runs: Sequence[Run]) -> dict[str, Any]:
    """Those of a GPLinker, which has some that the other models lack, where there is one."""
    run = next((run for run in runs if run.options.model.kind == TrainingOptions.model), runs[0])
    return {name: value for name, value in run.options.flat().items() if name not in OF_A_RUN}


def _own_options(run: Run, shared: Mapping[str, Any]) -> dict[str, Any]:
    """What the recipe chose for this model and not for the others."""
    options = run.options.flat()
    return {
        name: value for name, value in options.items() if name in shared and value != shared[name]
    }

"""The content of a table in all its forms, which is also that of `table.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from safetensors import safe_open

from gplinker_tf.comparison._runs import Run
from gplinker_tf.comparison._scores import scores
from gplinker_tf.comparison._speeds import medians_of
from gplinker_tf.comparison.machine import machine
from gplinker_tf.comparison.variants import BLOG_F1, OF_A_RUN, VARIANTS
from gplinker_tf.extraction import WEIGHTS
from gplinker_tf.metrics.bootstrap import LEVEL, RESAMPLES, SEED
from gplinker_tf.runs import best_epoch, versions
from gplinker_tf.training import TrainingOptions


def summary(
    runs: Sequence[Run],
    setting: Mapping[str, Any],
    speeds: Mapping[str, Any],
    failures: Mapping[str, str],
) -> dict[str, Any]:
    """Return plain values: one row per variant in the order of `VARIANTS`, and the setup.

    Args:
        runs: the runs that belong to the table, whatever their state.
        setting: what they have in common.
        speeds: what was measured.
        failures: the reasons why runs failed, by run name.
    """
    runs = sorted(runs, key=lambda run: run.seed)
    there = {name: [run for run in runs if run.variant == name] for name in VARIANTS}
    done = {name: [run for run in of_variant if run.finished] for name, of_variant in there.items()}
    scored = scores({name: of_variant for name, of_variant in done.items() if of_variant})
    shared = _shared_options(runs)
    rows = []
    for variant, of_variant in there.items():
        row: dict[str, Any] = {
            "variant": variant,
            "runs": [_run(run, failures) for run in of_variant],
            "blog_f1": BLOG_F1.get(variant),
        }
        if finished := done[variant]:
            minutes = [run.minutes_trained for run in finished]
            row |= scored[variant] | {
                "own_options": _own_options(finished[0], shared),
                "head_parameters": head_parameters(finished[0]),
                "minutes_trained": sum(minutes) / len(minutes),
                "speeds": medians_of(variant, speeds),
            }
        rows += [row] if of_variant else []
    return {
        "rows": rows,
        "setting": setting,
        "options": shared,
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "rounds": len(speeds["rounds"]),
        "versions": _versions([run for finished in done.values() for run in finished]),
        "machine": speeds.get("machine") or machine(),
    }


def head_parameters(run: Run) -> int:
    """Return the number of parameters of a finished run's model outside the encoder."""
    with safe_open(run.folder / WEIGHTS, "numpy") as weights:
        return sum(
            prod(weights.get_slice(name).get_shape())
            for name in weights.keys()  # noqa: SIM118  it is no dict
            if not name.startswith("encoder/")
        )


def _run(run: Run, failures: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": run.name, "seed": run.seed, "state": run.state}
    best = best_epoch(run.records)
    if run.finished and best is not None:
        row["epoch"] = best["epoch"]
        row |= {name: run.scores[name] for name in ("f1", "exact_f1", "precision", "recall")}
        row["minutes_trained"] = run.minutes_trained
        row["accumulation"] = run.config.get("accumulation", TrainingOptions.accumulation)
    elif run.name in failures:
        row["failure"] = failures[run.name]
    return row


def _versions(runs: Sequence[Run]) -> dict[str, str]:
    """Return the versions that the runs were trained with, or, without runs, those installed."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for name, value in run.config.get("versions", {}).items():
            found.setdefault(name, {})[value] = None
    return {name: " and ".join(values) for name, values in found.items()} or versions()


def _shared_options(runs: Sequence[Run]) -> dict[str, Any]:
    """Return the options of a GPLinker run, if any, as it has some that other models lack."""
    run = next((run for run in runs if run.options.model.kind == TrainingOptions.model), runs[0])
    return {name: value for name, value in run.options.flat().items() if name not in OF_A_RUN}


def _own_options(run: Run, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options whose values differ from the shared ones."""
    options = run.options.flat().items()
    return {name: value for name, value in options if value != shared.get(name, value)}

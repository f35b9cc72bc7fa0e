"""Recipes: the settings of a run that its options leave open."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, sqrt
from typing import Any

from gplinker_tf.models.registry import MODELS, Rates
from gplinker_tf.option import AUTO

RECIPES = (AUTO, "blog")

#: The original script's settings: `task_relation_extraction_gplinker.py` of bert4keras,
#: https://kexue.fm/archives/8888.
BLOG: dict[str, Any] = {
    "epochs": 20,
    "batch_size": 64,
    "learning_rate": 1e-5,
    "heads_rate": 1.0,
    "warm_up": 0,
    "decay": "constant",
    "clip_norm": None,
    "averaging": 0.999,
    "averaging_form": "constant",
    "patience": None,
    "initial_score": 0.0,
    "occurrences": "first",
    "long": "truncate",
    "tune": "none",
}

#: Number of steps from which the original script's settings learn well.
ENOUGH_STEPS = 20_000

#: Number of steps to aim for with fewer texts, within a reasonable number of epochs: for a
#: pretrained encoder, and for a new one.
WANTED_STEPS, WANTED_FROM_SCRATCH = 1_800, 3_000
FEWEST_EPOCHS, MOST_EPOCHS = 6, 20

#: Minimum number of steps, for which few texts get more epochs than that, up to this many.
NEEDED_STEPS, EPOCHS_OF_A_HANDFUL = 500, 100

#: Hidden size of the encoder that the models' `Rates` are for.
HIDDEN_SIZE = 384

#: Number of texts below which the encoder's learning rate is raised.
MANY_TEXTS = 2_000

#: The learning rate if the encoder is not pretrained.
RATE_FROM_SCRATCH = 1e-3


def auto_settings(
    texts: int, model: str, given: Mapping[str, Any], hidden_size: int, pretrained: bool
) -> dict[str, Any]:
    """Return the settings that suit an amount of data and a model.

    With as many texts as the original script had, they are the original script's, except that long
    texts are never truncated. With fewer, the batches are smaller, so that there are enough steps,
    and the task layers, which are new, learn at a multiple of the encoder's rate. docs/training.md
    has the measurements.

    Args:
        texts: the number of training texts, or of windows if texts are long.
        model: the name of the model.
        given: options that the user has set, with names in `BLOG`; the others are chosen to suit.
        hidden_size: the hidden size of the encoder; larger encoders get a lower rate.
        pretrained: whether the encoder is pretrained.

    Returns:
        A value for each name in `BLOG`.

    Example:

    >>> auto_settings(500, "gplinker", {}, hidden_size=768, pretrained=True)["learning_rate"]
    5e-05
    >>> chosen = auto_settings(170_000, "gplinker", {}, hidden_size=768, pretrained=True)
    >>> chosen == {**BLOG, "long": "sentences"}
    True
    """
    wanted = WANTED_STEPS if pretrained else WANTED_FROM_SCRATCH
    if _epochs_and_steps(texts, {**BLOG, **given}, wanted)[1] >= ENOUGH_STEPS:
        return {**BLOG, "long": "sentences"}
    batch_size = 8 if texts < 2_000 else 16 if texts < 20_000 else 32
    epochs, steps = _epochs_and_steps(texts, {"batch_size": batch_size, **given}, wanted)
    rates = MODELS[model].rates
    return {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": _rate(rates, texts, hidden_size) if pretrained else RATE_FROM_SCRATCH,
        "heads_rate": rates.heads_rate if pretrained else 1.0,
        "warm_up": min(steps // 10, 300),
        "decay": "linear",
        "clip_norm": 1.0,
        "averaging": 0.999,
        "averaging_form": "growing",
        "patience": None,
        "initial_score": rates.initial_score,
        "occurrences": "all" if pretrained else "first",
        "long": "sentences",
        "tune": "dev",
    }


def _rate(rates: Rates, texts: int, hidden_size: int) -> float:
    """Return the rate of a pretrained encoder; only small ones were measured with few texts."""
    if hidden_size > HIDDEN_SIZE:
        return rates.learning_rate * HIDDEN_SIZE / hidden_size
    few = min(max(sqrt(MANY_TEXTS / texts), 1.0), rates.few_texts)
    return float(f"{rates.learning_rate * few:.1e}")


def _epochs_and_steps(texts: int, settings: Mapping[str, Any], wanted: int) -> tuple[int, int]:
    """Return the number of epochs, as given or a suitable one, and the steps of all of them."""
    steps = ceil(texts / settings["batch_size"])
    most = max(MOST_EPOCHS, min(ceil(NEEDED_STEPS / steps), EPOCHS_OF_A_HANDFUL))
    suitable = min(max(round(wanted / steps), FEWEST_EPOCHS), most)
    epochs = settings.get("epochs", suitable)
    return epochs, epochs * steps

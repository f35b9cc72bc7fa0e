"""Recipes: what a run is trained with where its options do not say."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

#: The value of an option that the recipe chooses.
AUTO = "auto"

RECIPES = (AUTO, "blog")

#: The original script's settings: `task_relation_extraction_gplinker.py` of bert4keras,
#: https://kexue.fm/archives/8888.
BLOG = {
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
}

#: Steps from which on the original script's settings learn well by themselves.
ENOUGH_STEPS = 20_000

#: Steps that a short training takes, if its number of epochs is reasonable.
WANTED_STEPS = 2_000


def auto_settings(
    texts: int, model: str, pretrained: bool, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The settings that suit an amount of data.

    With as many texts as the original script had, they are the original script's. With fewer, the
    batches are smaller, so that there are enough steps, and the task layers, which are new, learn
    at a multiple of the encoder's rate. docs/training.md has the measurements.

    Args:
        texts: texts to train on.
        model: the name of the model.
        pretrained: whether the encoder has learnt before.
        given: options that the user has set; what is chosen suits them.

    Returns:
        A value for each name of `BLOG`.

    Example:

    >>> auto_settings(500, "gplinker", True, {})["batch_size"]
    8
    >>> auto_settings(170_000, "gplinker", True, {}) == BLOG
    True
    """
    epochs, size = (given.get(name, BLOG[name]) for name in ("epochs", "batch_size"))
    if epochs * ceil(texts / size) >= ENOUGH_STEPS:
        return BLOG
    size = given.get("batch_size", 8 if texts < 2_000 else 16)
    steps_per_epoch = ceil(texts / size)
    epochs = given.get("epochs", min(max(round(WANTED_STEPS / steps_per_epoch), 10), 40))
    return {
        "epochs": epochs,
        "batch_size": size,
        "learning_rate": 1e-4 if pretrained else 1e-3,
        "heads_rate": 10.0 if pretrained else 1.0,
        "warm_up": min(epochs * steps_per_epoch // 10, 300),
        "decay": "linear",
        "clip_norm": 1.0,
        "averaging": 0.999,
        "averaging_form": "growing",
        "patience": None,
        "initial_score": -7.0,
    }

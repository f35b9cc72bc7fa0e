"""The models of the blog's comparison: each a name and what differs from GPLinker's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gplinker_tf.errors import InputError
from gplinker_tf.training.options import MODEL_OPTIONS, TrainingOptions

VARIANTS: dict[str, dict[str, Any]] = {
    "casrel": {"model": "casrel"},
    "gplinker-standard": {"pointer": "standard"},
    "gplinker-efficient": {},
    "gplinker-multihot": {"loss_form": "multihot"},
    "gplinker-mixed": {"entities": "mixed"},
    "gplinker-no-tail": {"with_tail": False},
    "tplinker": {"model": "tplinker"},
    "tplinker-plus": {"model": "tplinker-plus"},
}

#: What the others are compared with.
REFERENCE = "gplinker-efficient"

#: F1 on all of LIC2019 with BERT base. Source: https://kexue.fm/archives/8888.
BLOG_F1 = {"casrel": 0.8220, "gplinker-standard": 0.8272, "gplinker-efficient": 0.8268}

#: What is the variant's own to say, or the run's, or the same for all.
OF_A_RUN = {"seed", "recipe"}.union(*VARIANTS.values())


def options_of(variant: str, settings: Mapping[str, Any], seed: int) -> TrainingOptions:
    """The options of one run; what the settings leave open is as in the original script.

    Args:
        variant: a name of `VARIANTS`.
        settings: options that all runs share; what makes a variant, and the seed, are passed over,
            as are options that only another model has.
        seed: the seed.

    Raises:
        InputError: a value is out of its range.

    Example:

    >>> options_of("casrel", {"epochs": 5, "head_size": 32, "pointer": "standard"}, seed=2).epochs
    5
    """
    own = VARIANTS[variant]
    model = own.get("model", TrainingOptions.model)
    of_others = {name for names in MODEL_OPTIONS.values() for name in names}
    passed_over = OF_A_RUN | (of_others - set(MODEL_OPTIONS.get(model, ())))
    shared = {name: value for name, value in settings.items() if name not in passed_over}
    return TrainingOptions(**shared, **own, seed=seed, recipe="blog")


def chosen_variants(names: list[str]) -> list[str]:
    """The variants that a list of names, or of names with commas, asks for; none asks for all.

    Raises:
        InputError: there is no such variant.

    Example:

    >>> chosen_variants(["casrel,tplinker", "casrel"])
    ['casrel', 'tplinker']
    """
    chosen = [name.strip() for part in names for name in part.split(",") if name.strip()]
    for name in chosen:
        if name not in VARIANTS:
            raise InputError(f"Expected one of {', '.join(VARIANTS)}. Received: models={name!r}.")
    return list(dict.fromkeys(chosen)) or list(VARIANTS)

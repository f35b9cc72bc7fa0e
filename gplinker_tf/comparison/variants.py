"""The models of the blog's comparison: for each a name and what differs from the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gplinker_tf.errors import InputError
from gplinker_tf.models.registry import MODELS, owner_of
from gplinker_tf.training.options import SettledOptions, TrainingOptions

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

#: The variant that the others are compared with.
REFERENCE = "gplinker-efficient"

#: F1 on all of LIC2019 with BERT base. Source: https://kexue.fm/archives/8888.
BLOG_F1 = {"casrel": 0.8220, "gplinker-standard": 0.8272, "gplinker-efficient": 0.8268}

#: Options that a variant or a run sets itself.
OF_A_RUN = {"seed"}.union(*VARIANTS.values())


class Sizes(NamedTuple):
    """The sizes that a recipe depends on, as in `TrainingOptions.for_data`.

    Args:
        texts: the number of training texts.
        hidden_size: the hidden size of the encoder.
        pretrained: whether the encoder is pretrained.
    """

    texts: int
    hidden_size: int
    pretrained: bool = True


#: Full LIC2019 and BERT base.
BLOG_SIZES = Sizes(170_000, 768)
BLOG_LAYERS = 12


def options_of(
    variant: str, settings: Mapping[str, Any], seed: int, sizes: Sizes = BLOG_SIZES
) -> SettledOptions:
    """Return the options of one run; the recipe chooses what the settings leave open.

    Args:
        variant: a name in `VARIANTS`.
        settings: options for all runs; the seed, the options that define variants, and options that
            only other models have are ignored.
        seed: the seed.
        sizes: the sizes of data and encoder.

    Raises:
        InputError: a value is out of range.

    Example:

    >>> options_of("casrel", {"epochs": 5, "head_size": 32, "pointer": "standard"}, seed=2).epochs
    5
    >>> few = Sizes(texts=500, hidden_size=768)
    >>> [options_of(name, {}, 1, few).heads_rate for name in ("casrel", "gplinker-efficient")]
    [10.0, 30.0]
    """
    own = VARIANTS[variant]
    kind = MODELS[own.get("model", TrainingOptions.model)]
    shared = {
        name: value
        for name, value in settings.items()
        if name not in OF_A_RUN and owner_of(name) in (None, kind)
    }
    at_zero = {"tune": "none"}  # like the blog's scores
    return TrainingOptions.of({**at_zero, **shared, **own, "seed": seed}).for_data(*sizes)


def chosen_variants(names: list[str]) -> list[str]:
    """Return the variants in a list of names, which may contain commas; an empty one means all.

    Args:
        names: names in `VARIANTS`, one or several in each string.

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

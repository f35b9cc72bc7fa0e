"""The options of GPLinker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.models.options import ModelOptions
from gplinker_tf.option import documented, option


@documented
@dataclass(frozen=True, repr=False)
class GPLinkerOptions(ModelOptions):
    """The options of GPLinker; the defaults are the model of the blog post.

    {args}

    Raises:
        InputError: an option has an invalid value.

    Example:

    >>> GPLinkerOptions(pointer="standard").head_size
    64
    """

    kind: ClassVar[str] = "gplinker"

    pointer: str = option(
        "efficient",
        "Type of the pointers; efficient has far fewer parameters.",
        choices=("efficient", "standard"),
    )
    head_size: int = option(
        64,
        "Size of a pointer's query and key vectors.",
        holds=lambda value: value >= 2 and value % 2 == 0,
        expected="an even number, since rotary positions rotate pairs of components",
    )
    entities: str = option(
        "separate",
        "Find subjects and objects separately, or mixed under one label.",
        choices=("separate", "mixed"),
    )
    with_tail: bool = option(
        True,
        "Also score the ends of subject and object; without nested entities, the starts are "
        "enough.",
        flag="--tail/--no-tail",
    )
    loss_form: str = option(
        "sparse",
        "Sparse, from positions; multihot, from all scores (slower); or published, sparse with "
        "bert4keras's arithmetic (slower and not exact).",
        choices=("sparse", "multihot", "published"),
        flag="--loss",
    )

"""The families of encoders, one line each; those of other packages join with `register_encoder`."""

from __future__ import annotations

from typing import Any

from gplinker_tf.encoders.base import EncoderFamily
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.bert.model import Bert
from gplinker_tf.encoders.bert.sizes import config_of_bert

#: The families by name.
ENCODERS: dict[str, EncoderFamily] = {}

#: Of configurations that do not say.
DEFAULT = "bert"


def register_encoder(family: EncoderFamily) -> None:
    """Makes a family of encoders known: to encoder folders and to run folders.

    Args:
        family: the family.

    Raises:
        ValueError: its name is another's.

    Example:

    >>> register_encoder(EncoderFamily("my-bert", BertConfig, Bert, config_of_bert))
    >>> family_of({"model_type": "my-bert"})
    EncoderFamily('my-bert')
    >>> del ENCODERS["my-bert"]  # it was for the example only
    """
    known = ENCODERS.get(family.name)
    if known is not None and known != family:
        raise ValueError(
            f"Expected a new name. Received: {family.name!r}, which is already registered."
        )
    ENCODERS[family.name] = family


def family_of(values: dict[str, Any]) -> EncoderFamily:
    """The family that a configuration names, as a file's `model_type` or as a run's `family`.

    Raises:
        ValueError: no such family is known.

    Example:

    >>> family_of({"model_type": "bert"}), family_of({})
    (EncoderFamily('bert'), EncoderFamily('bert'))
    """
    name = values.get("family") or values.get("model_type") or DEFAULT
    if name not in ENCODERS:
        raise ValueError(
            f"Expected one of {', '.join(ENCODERS)}. Received: model_type={name!r}. Register its "
            "family with gplinker_tf.encoders.register_encoder, or take another encoder."
        )
    return ENCODERS[name]


register_encoder(EncoderFamily("bert", BertConfig, Bert, config_of_bert))

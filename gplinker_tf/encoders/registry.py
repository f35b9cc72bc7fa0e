"""The registry of encoder families; other packages add theirs with `register_encoder`."""

from __future__ import annotations

from typing import Any

from gplinker_tf.encoders.albert.config import AlbertConfig
from gplinker_tf.encoders.albert.model import Albert
from gplinker_tf.encoders.albert.unshared import AlbertUnshared
from gplinker_tf.encoders.base import EncoderFamily
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.bert.model import Bert
from gplinker_tf.encoders.electra.config import ElectraConfig
from gplinker_tf.encoders.electra.model import Electra
from gplinker_tf.encoders.gau_alpha.config import GauAlphaConfig
from gplinker_tf.encoders.gau_alpha.model import GauAlpha
from gplinker_tf.encoders.nezha.config import NezhaConfig
from gplinker_tf.encoders.nezha.model import Nezha
from gplinker_tf.encoders.roformer.config import RoFormerConfig
from gplinker_tf.encoders.roformer.model import RoFormer
from gplinker_tf.encoders.roformer_v2.config import RoFormerV2Config
from gplinker_tf.encoders.roformer_v2.model import RoFormerV2

#: The families by name.
ENCODERS: dict[str, EncoderFamily] = {}

#: The family of configurations that do not name one.
DEFAULT = "bert"


def register_encoder(family: EncoderFamily) -> None:
    """Register a family of encoders, so that encoder folders and run folders can use it.

    Args:
        family: the family.

    Raises:
        ValueError: another family has the same name.

    Example:

    >>> register_encoder(EncoderFamily("my-bert", BertConfig, Bert, Bert.config_of))
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


def family_of(values: dict[str, Any], name: str | None = None) -> EncoderFamily:
    """Return the family that a configuration names, by a file's `model_type` or a run's `family`.

    Args:
        values: the configuration.
        name: the requested family, if any.

    Raises:
        ValueError: the family is unknown, or is not the one that the configuration names.

    Example:

    >>> family_of({"model_type": "bert"}), family_of({}), family_of({}, "nezha")
    (EncoderFamily('bert'), EncoderFamily('bert'), EncoderFamily('nezha'))
    """
    name = name or values.get("family")
    model_type = values.get("model_type")
    if name is None:
        return _family_of_model_type(model_type or DEFAULT)
    if name not in ENCODERS:
        raise ValueError(f"Expected one of {', '.join(ENCODERS)}. Received: family={name!r}.")
    family = ENCODERS[name]
    if not (family.is_meant_by(model_type) or model_type in (None, *family.on_request)):
        raise ValueError(
            f"Expected the configuration of an encoder of the family {name}. Received: "
            f"model_type={model_type!r}. Use the family that belongs to the encoder."
        )
    return family


def _family_of_model_type(model_type: str) -> EncoderFamily:
    for family in ENCODERS.values():
        if family.is_meant_by(model_type):
            return family
    on_request = [f.name for f in ENCODERS.values() if model_type in f.on_request]
    way_out = (
        f"If {' or '.join(on_request)} can read the encoder, name the family: --encoder-family "
        f"{on_request[0]}. See docs/encoders.md for the differences."
        if on_request
        else "Register its family with gplinker_tf.encoders.register_encoder, or use another "
        "encoder."
    )
    raise ValueError(
        f"Expected one of {', '.join(ENCODERS)}. Received: model_type={model_type!r}. {way_out}"
    )


for known in (
    EncoderFamily("bert", BertConfig, Bert, Bert.config_of),
    # RoBERTa-wwm has BERT's layout; other files of this type count positions from 2.
    EncoderFamily("roberta", BertConfig, Bert, Bert.config_of, (), ("bert", "roberta")),
    EncoderFamily("albert", AlbertConfig, Albert, Albert.config_of),
    EncoderFamily(
        "albert_unshared", AlbertConfig, AlbertUnshared, AlbertUnshared.config_of, (), ("albert",)
    ),
    EncoderFamily("nezha", NezhaConfig, Nezha, Nezha.config_of),
    EncoderFamily("electra", ElectraConfig, Electra, Electra.config_of),
    EncoderFamily("roformer", RoFormerConfig, RoFormer, RoFormer.config_of),
    EncoderFamily(
        "roformer_v2", RoFormerV2Config, RoFormerV2, RoFormerV2.config_of, None, ("roformer",)
    ),
    EncoderFamily("gau_alpha", GauAlphaConfig, GauAlpha, GauAlpha.config_of),
):
    register_encoder(known)

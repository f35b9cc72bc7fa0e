"""Model sizes from a configuration file and from keywords, as bert4keras reads them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from gplinker_tf.encoders.transformer_config import (
    FILE_NAMES,
    REQUIRED,
    expect_size,
    read_json_object,
)
from gplinker_tf.errors import InputError

#: Used if neither the file nor the keywords give a value.
DEFAULTS = {"max_position": 512, "segment_vocab_size": 2, "hidden_act": "gelu"}


def configuration(
    path: str | Path | None, keywords: dict[str, Any], model_types: Collection[str] = ()
) -> dict[str, Any]:
    """Return the arguments of a model's class and its `build`, under bert4keras's names.

    Args:
        path: `bert_config.json`, or Hugging Face's `config.json`; or `None`.
        keywords: values that override the file's.
        model_types: the accepted values of the file's `model_type`; if empty, any.

    Raises:
        InputError: the file is missing or invalid, or belongs to another family.
        ValueError: there is no file, and a size is missing or invalid.

    Example:

    >>> sizes = dict(vocab_size=100, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
    ...     intermediate_size=16)
    >>> configuration(None, {**sizes, "type_vocab_size": 3})["segment_vocab_size"]
    3
    """
    stored = {} if path is None else read_json_object(path)
    values = {**DEFAULTS, **_renamed(stored), **_renamed(keywords)}
    try:
        _check(values, model_types)
    except ValueError as error:
        if path is None:
            raise
        raise InputError(f"{path}: {error}") from None
    return values


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values under bert4keras's names, which win if a value has two names."""
    renamed = {FILE_NAMES[name]: value for name, value in values.items() if name in FILE_NAMES}
    return {**renamed, **values}


def _check(values: dict[str, Any], model_types: Collection[str]) -> None:
    missing = [name for name in REQUIRED if values.get(name) is None]
    if missing:
        raise ValueError(
            f"Expected the sizes {', '.join(REQUIRED)}. Missing: {', '.join(missing)}."
        )
    for name in (*REQUIRED, "max_position"):
        expect_size(name, values[name])
    heads, size = values["num_attention_heads"], values["hidden_size"]
    if size % heads and values.get("attention_head_size") is None:
        raise ValueError(
            "Expected a number of heads that divides the hidden size. Received: "
            f"num_attention_heads={heads}, hidden_size={size}."
        )
    found = values.get("model_type")
    if model_types and found is not None and found not in model_types:
        raise ValueError(
            f"Expected a model_type of {sorted(model_types)}. Received: model_type={found!r}. "
            "Choose the model= that matches it."
        )

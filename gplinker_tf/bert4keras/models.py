"""`bert4keras.models`: BERT as a model with Keras 2.3's habits."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gplinker_tf.bert4keras import layers
from gplinker_tf.bert4keras.bert import BERT
from gplinker_tf.bert4keras.generations import refuse_two_generations
from gplinker_tf.bert4keras.keras.models import Model
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.transformer import Transformer
from gplinker_tf.encoders import BertConfig
from gplinker_tf.encoders.bert.config import FILE_NAMES
from gplinker_tf.encoders.transformer_model import OVERRIDES

__all__ = ["BERT", "Model", "Transformer", "build_transformer_model"]
__all__ += sorted({*layers.__all__} - {*__all__})

#: What bert4keras builds as a BERT.
BERTS = ("bert", "roberta")


def __getattr__(name: str) -> Any:
    # bert4keras.models has all layers, which subclasses of BERT take from there.
    if name in layers.__all__:
        return getattr(layers, name)
    return missing(__name__, name)


def build_transformer_model(
    config_path: str | Path | None = None,
    checkpoint_path: str | Path | None = None,
    model: str | type[Transformer] = "bert",
    application: str = "encoder",
    return_keras_model: bool = True,
    **kwargs: Any,
) -> Model | Transformer:
    """A BERT from a configuration file, with weights from a checkpoint if one is given.

    Args:
        config_path: `bert_config.json`, or Hugging Face's `config.json`.
        checkpoint_path: the prefix of a TensorFlow checkpoint, `.../bert_model.ckpt`; or Hugging
            Face's folder.
        model: `"bert"`, or `"roberta"`, which is the same here: RoBERTa-wwm has BERT's layout. Or
            a subclass of `BERT` or `Transformer`.
        application: `"encoder"`.
        return_keras_model: the Keras model, else the `BERT` that holds it.
        **kwargs: sizes that replace the file's, and what the class and its `build` take:
            `sequence_length`, `name`, `keep_tokens`, `layer_norm_cond`, ...

    Raises:
        ValueError: another model, application or keyword; the message names the way that works.
        InputError: a file is missing or broken, or the checkpoint does not fit the configuration.

    Example:

    >>> bert = build_transformer_model(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16, return_keras_model=False)
    >>> bert.model.layers[-2].get_output_at(-1).shape[-1]
    8

    Source: bert4keras 0.11.5, `models.build_transformer_model`.
    """
    refuse_two_generations()
    if not isinstance(application, str) or application.lower() != "encoder":
        raise ValueError(
            f"Expected application='encoder'. Received: application={application!r}. Language "
            'models are built by bert4keras itself: see "Beside bert4keras" in '
            "docs/compatibility.md."
        )
    bert_class = _class_of(model)
    if not isinstance(model, type):
        _require_known(kwargs)
    configuration = _configuration(config_path, kwargs)
    bert = bert_class(**configuration)
    bert.build(**configuration)
    if checkpoint_path is not None:
        bert.load_weights_from_checkpoint(checkpoint_path)
    return bert.model if return_keras_model else bert


def known_keywords() -> set[str]:
    """The keywords that `build_transformer_model` takes beside its own arguments."""
    functions = (Transformer.__init__, Transformer.build, BERT.__init__)
    names = {name for function in functions for name in inspect.signature(function).parameters}
    return {*names, *OVERRIDES} - {"self", "kwargs"}


def _class_of(model: Any) -> type[Transformer]:
    if isinstance(model, type) and issubclass(model, Transformer):
        return model
    if not isinstance(model, str) or model.lower() not in BERTS:
        raise ValueError(
            f"Expected one of {list(BERTS)}, or a subclass of BERT. Received: model={model!r}. "
            "bert4keras 0.11.5 itself builds it under legacy Keras, and the layers and losses "
            'of gplinker_tf work with that model: see "Beside bert4keras" in '
            "docs/compatibility.md."
        )
    return BERT


def _require_known(kwargs: dict[str, Any]) -> None:
    known = known_keywords()
    for name in kwargs:
        if name not in known:
            raise ValueError(
                f"Expected one of {sorted(known)}. Received: keyword={name!r}. The other choices "
                "of bert4keras are not supported here."
            )


def _configuration(config_path: str | Path | None, kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the class and its `build` are given: file, sizes under their names here, keywords."""
    sizes = {name: value for name, value in kwargs.items() if name in OVERRIDES}
    # No segments at all is bert4keras's; a configuration of the encoders has some.
    segments = {"segment_vocab_size": 1} if kwargs.get("segment_vocab_size") == 0 else {}
    if config_path is None:
        stored, config = {}, BertConfig.from_dict({**sizes, **segments})
    else:
        config = BertConfig.from_json(config_path, **{**sizes, **segments})
        stored = json.loads(Path(config_path).read_text("utf-8"))
    sizes = asdict(config)
    for name in ("dropout_rate", "attention_dropout_rate"):
        # bert4keras drops nothing where nothing says so.
        if not {name, *(n for n, here in FILE_NAMES.items() if here == name)} & {*stored, *kwargs}:
            sizes[name] = None
    return {**stored, **sizes, **kwargs}

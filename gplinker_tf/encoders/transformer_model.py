"""bert4keras's function that builds encoders."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.bert.model import Bert
from gplinker_tf.encoders.checkpoints.loading import load_checkpoint
from gplinker_tf.encoders.transformer_config import FILE_NAMES

#: RoBERTa-wwm has BERT's layout, and bert4keras builds it under both names.
MODELS = ("bert", "roberta")
APPLICATIONS = ("encoder",)
OVERRIDES = {*FILE_NAMES, *(field.name for field in fields(BertConfig))}


def build_transformer_model(
    config_path: str | Path | None = None,
    checkpoint_path: str | Path | None = None,
    model: str = "bert",
    application: str = "encoder",
    return_keras_model: bool = True,
    **kwargs: Any,
) -> keras.Model | Bert:
    """Build a BERT from a configuration file, with weights from a checkpoint if one is given.

    The signature is bert4keras's, and so are the layers' names, order and weights.

    Args:
        config_path: `bert_config.json` (Google) or `config.json` (Hugging Face); if not given,
            pass the sizes as keywords.
        checkpoint_path: the prefix of a TensorFlow checkpoint (`.../bert_model.ckpt`), a
            `model.safetensors`, or a folder with one; `None` leaves random weights.
        model: `"bert"`, or `"roberta"`, which is the same (RoBERTa-wwm has BERT's layout).
        application: `"encoder"`.
        return_keras_model: whether to return the Keras model or the `Bert` that holds it.
        **kwargs: `sequence_length`, `name`, and any field of `BertConfig`, which overrides the
            file: `num_hidden_layers=6` builds and loads the first six layers.

    Returns:
        A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`; or a `Bert`.

    Raises:
        ValueError: the model, application or a keyword is not one of these.
        InputError: a file is missing or broken, or the checkpoint does not fit the configuration.

    Example:

    >>> model = build_transformer_model(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16)
    >>> [layer.name for layer in model.layers[-2:]]
    ['Transformer-1-FeedForward-Add', 'Transformer-1-FeedForward-Norm']

    Source: bert4keras 0.11.5, https://github.com/bojone/bert4keras.
    """
    _require("model", model.lower(), MODELS)
    _require("application", application.lower(), APPLICATIONS)
    bert = build_encoder(Bert, config_path, checkpoint_path, **kwargs)
    return bert.model if return_keras_model else bert


def build_encoder(
    bert_class: type[Bert],
    config_path: str | Path | None,
    checkpoint_path: str | Path | None,
    sequence_length: int | None = None,
    name: str | None = None,
    **overrides: Any,
) -> Bert:
    """Build an encoder, as `build_transformer_model` does, of any subclass of `Bert`.

    Args:
        bert_class: `Bert` or a subclass.
        config_path: `bert_config.json` (Google) or `config.json` (Hugging Face), or `None`.
        checkpoint_path: the weights, as for `load_checkpoint`; `None` leaves random weights.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.
        **overrides: fields of `BertConfig`, which override the file.

    Returns:
        An instance of the class; its `model` is the Keras model.

    Raises:
        ValueError: a keyword is not a field of `BertConfig`, or a size is missing.
        InputError: a file is missing or broken, or the checkpoint does not fit the configuration.

    Example:

    >>> class FrozenBert(Bert):
    ...     def __init__(self, *args, **kwargs):
    ...         super().__init__(*args, **kwargs)
    ...         self.model.trainable = False
    >>> bert = build_encoder(
    ...     FrozenBert, None, None, vocab_size=100, hidden_size=8, num_hidden_layers=2,
    ...     num_attention_heads=2, intermediate_size=16)
    >>> bert, len(bert.model.trainable_weights)
    (FrozenBert(2 x 8), 0)
    """
    for keyword in overrides:
        _require("keyword", keyword, sorted({"sequence_length", "name", *OVERRIDES}))
    if config_path is None:
        config = BertConfig.from_dict(overrides)
    else:
        config = BertConfig.from_json(config_path, **overrides)
    bert = bert_class(config, sequence_length=sequence_length, name=name)
    if checkpoint_path is not None:
        load_checkpoint(bert, checkpoint_path)
    return bert


def _require(what: str, value: str, known: Any) -> None:
    if value not in known:
        raise ValueError(
            f"Expected one of {list(known)}. Received: {what}={value!r}. For bert4keras's "
            "other choices, use build_transformer_model of gplinker_tf.bert4keras.models."
        )

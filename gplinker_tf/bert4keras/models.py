"""`bert4keras.models`: its encoders as models that behave as in Keras 2.3."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from gplinker_tf.bert4keras import layers
from gplinker_tf.bert4keras.albert import ALBERT
from gplinker_tf.bert4keras.albert_unshared import ALBERT_Unshared
from gplinker_tf.bert4keras.bert import BERT
from gplinker_tf.bert4keras.configuration import configuration
from gplinker_tf.bert4keras.electra import ELECTRA
from gplinker_tf.bert4keras.gau_alpha import GAU_alpha
from gplinker_tf.bert4keras.generations import refuse_two_generations
from gplinker_tf.bert4keras.keras.models import Model
from gplinker_tf.bert4keras.language_models import (
    LM_Mask,
    UniLM_Mask,
    extend_with_language_model,
    extend_with_unified_language_model,
)
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.nezha import NEZHA
from gplinker_tf.bert4keras.roformer import RoFormer
from gplinker_tf.bert4keras.roformer_v2 import RoFormerV2
from gplinker_tf.bert4keras.transformer import Transformer
from gplinker_tf.encoders.transformer_model import OVERRIDES

__all__ = [
    "ALBERT",
    "BERT",
    "ELECTRA",
    "NEZHA",
    "ALBERT_Unshared",
    "GAU_alpha",
    "LM_Mask",
    "Model",
    "RoFormer",
    "RoFormerV2",
    "Transformer",
    "UniLM_Mask",
    "build_transformer_model",
    "extend_with_language_model",
    "extend_with_unified_language_model",
]
__all__ += sorted({*layers.__all__} - {*__all__})

#: RoBERTa-wwm has BERT's layout, and bert4keras builds it under both names.
MODELS: dict[str, type[BERT]] = {
    "bert": BERT,
    "roberta": BERT,
    "albert": ALBERT,
    "albert_unshared": ALBERT_Unshared,
    "nezha": NEZHA,
    "electra": ELECTRA,
    "roformer": RoFormer,
    "roformer_v2": RoFormerV2,
    "gau_alpha": GAU_alpha,
}

#: Functions that turn a model's class into another class.
APPLICATIONS: dict[str, Any] = {
    "encoder": lambda model: model,
    "lm": extend_with_language_model,
    "unilm": extend_with_unified_language_model,
}


def __getattr__(name: str) -> Any:
    # bert4keras.models exports all layers, and subclasses of BERT import them from there.
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
    """Build an encoder from a configuration file, and load a checkpoint if one is given.

    Args:
        config_path: `bert_config.json`, or Hugging Face's `config.json`.
        checkpoint_path: the prefix of a TensorFlow checkpoint, `.../bert_model.ckpt`; or a Hugging
            Face folder.
        model: `"bert"`, `"roberta"` (RoBERTa-wwm, which has BERT's layout), `"albert"`,
            `"albert_unshared"`, `"nezha"`, `"electra"`, `"roformer"`, `"roformer_v2"` or
            `"gau_alpha"`; or a subclass of `Transformer`, such as one of `BERT`.
        application: `"encoder"`; `"lm"` for a language model that reads from left to right;
            `"unilm"` for one that continues the first segment.
        return_keras_model: return the Keras model, otherwise the `Transformer` that holds it.
        **kwargs: sizes that override the file's, and arguments of the class and its `build`:
            `sequence_length`, `name`, `keep_tokens`, `with_mlm`, `layer_norm_cond`, ...

    Raises:
        ValueError: the model, application or keyword is unknown; the message says what works.
        InputError: a file is missing or broken, or configuration, checkpoint and model do not
            match. No weight is changed.

    Example:

    >>> bert = build_transformer_model(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16, return_keras_model=False)
    >>> bert.model.layers[-2].get_output_at(-1).shape[-1]
    8

    Source: bert4keras 0.11.5, `models.build_transformer_model`.
    """
    refuse_two_generations()
    model_class = _class_of(model)
    known = model_class in MODELS.values()
    if known:
        _require_known(model_class, kwargs)
    values = configuration(config_path, kwargs, model_class.model_types if known else ())
    transformer = _applied(model_class, application)(**values)
    transformer.build(**values)
    if checkpoint_path is not None:
        transformer.load_weights_from_checkpoint(checkpoint_path)
    return transformer.model if return_keras_model else transformer


def known_keywords(model: type[Transformer] = BERT) -> set[str]:
    """Return the keywords that `build_transformer_model` takes for a model besides its own.

    Args:
        model: the model's class.
    """
    functions = [
        vars(base)[name]
        for base in model.__mro__
        for name in ("__init__", "build")
        if name in vars(base) and base is not object
    ]
    names = {name for function in functions for name in inspect.signature(function).parameters}
    return {*names, *OVERRIDES} - {"self", "args", "kwargs"}


def _class_of(model: Any) -> Any:
    if isinstance(model, type) and issubclass(model, Transformer):
        return model
    name = model.lower() if isinstance(model, str) else None
    if name in MODELS:
        return MODELS[name]
    scope = ""
    if name is not None and name.startswith(("gpt", "t5", "mt5")):
        scope = "T5 and GPT are out of scope: this package is for encoders. "
    raise ValueError(
        f"Expected one of {list(MODELS)}, or a subclass of Transformer. Received: model={model!r}. "
        f"{scope}bert4keras 0.11.5 itself builds its own models under legacy Keras: see "
        '"Alongside bert4keras" in docs/compatibility.md.'
    )


def _applied(model_class: Any, application: Any) -> Any:
    name = application.lower() if isinstance(application, str) else None
    if name not in APPLICATIONS:
        raise ValueError(
            f"Expected one of {list(APPLICATIONS)}. Received: application={application!r}."
        )
    if name != "encoder" and issubclass(model_class, ELECTRA):
        raise ValueError(
            "Expected application='encoder' for ELECTRA, which does not predict tokens. Received: "
            f"application={application!r}."
        )
    return APPLICATIONS[name](model_class)


def _require_known(model_class: type[Transformer], kwargs: dict[str, Any]) -> None:
    known = known_keywords(model_class)
    for name in kwargs:
        if name not in known:
            raise ValueError(
                f"Expected one of {sorted(known)}. Received: keyword={name!r}. bert4keras would "
                "ignore it: check its spelling, or leave it out."
            )

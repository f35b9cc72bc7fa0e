"""`bert4keras.models`: BERT as a model with Keras 2.3's habits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.generations import refuse_two_generations
from gplinker_tf.bert4keras.keras.models import Model
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.encoders import Bert, build_encoder, load_weights

__all__ = ["BERT", "Model", "build_transformer_model"]

#: What bert4keras builds as a BERT.
BERTS = ("bert", "roberta")


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)


class BERT(Bert):
    """What `build_transformer_model(..., return_keras_model=False)` returns.

    Attributes:
        model: the Keras model.
        inputs: its inputs, token ids and segment ids.
        outputs: its output, and `output`, the same.
        layers: its layers by name.
        initializer: bert4keras's, a normal distribution cut at two deviations of 0.02.
    """

    model_class = Model

    @property
    def initializer(self) -> Any:
        return keras.initializers.TruncatedNormal(stddev=0.02)

    @property
    def inputs(self) -> list:
        return self.model.inputs

    @property
    def outputs(self) -> Any:
        return self.model.output

    output = outputs

    def load_weights_from_checkpoint(self, checkpoint: str | Path, mapping: Any = None) -> None:
        """Fills the layers from a checkpoint of Google's or Hugging Face's."""
        load_weights(self, checkpoint)


def build_transformer_model(
    config_path: str | Path | None = None,
    checkpoint_path: str | Path | None = None,
    model: str = "bert",
    application: str = "encoder",
    return_keras_model: bool = True,
    **kwargs: Any,
) -> Model | BERT:
    """A BERT from a configuration file, with weights from a checkpoint if one is given.

    Args:
        config_path: `bert_config.json`, or Hugging Face's `config.json`.
        checkpoint_path: the prefix of a TensorFlow checkpoint, `.../bert_model.ckpt`; or Hugging
            Face's folder.
        model: `"bert"`, or `"roberta"`, which is the same here: RoBERTa-wwm has BERT's layout.
        application: `"encoder"`.
        return_keras_model: the Keras model, else the `BERT` that holds it.
        **kwargs: `sequence_length`, `name`, and sizes that replace the file's.

    Raises:
        ValueError: another model or application; the message names the way that works.
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
    if not isinstance(model, str) or model.lower() not in BERTS:
        raise ValueError(
            f"Expected one of {list(BERTS)}. Received: model={model!r}. bert4keras 0.11.5 itself "
            "builds it under legacy Keras, and the layers and losses of gplinker_tf work on that "
            'model: see "Beside bert4keras" in docs/compatibility.md.'
        )
    if application.lower() != "encoder":
        raise ValueError(
            f"Expected application='encoder'. Received: application={application!r}. Language "
            'models are built by bert4keras itself: see "Beside bert4keras" in '
            "docs/compatibility.md."
        )
    bert = build_encoder(BERT, config_path, checkpoint_path, **kwargs)
    return bert.model if return_keras_model else bert

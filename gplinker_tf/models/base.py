"""The base class of the models: an encoder, parts on top of it, and saving."""

from __future__ import annotations

import math
from functools import cached_property, partial
from pathlib import Path
from typing import Any, ClassVar

from gplinker_tf.backend import keras, resource_of, tf
from gplinker_tf.decoding import PairScores, TokenEntities, TokenTriples, decode_entities
from gplinker_tf.encoders import as_encoder
from gplinker_tf.models._batch_parts import INPUTS, model_inputs
from gplinker_tf.models.training_step import TrainableModel
from gplinker_tf.precision import in_policy, policy_of


class RelationModel(TrainableModel):
    """Abstract: an encoder with layers on top that score triples.

    The constructor of a subclass creates its `target_builder` and the layers listed in `parts`, and
    ends with `_finish`. A subclass implements `_factors`, `sample_losses` and `decode`.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`;
            or a KerasHub backbone (`gplinker_tf.encoders.as_encoder`).
        num_predicates: `P`, the number of predicates.
        **kwargs: further arguments of a Keras model.

    Attributes:
        kind: the model's name in options and configurations.
        settings: the arguments besides encoder and predicates; they are attributes too.
        replaceable: further arguments that take a custom layer.
        nested_from: the threshold from which results are nested: raising the threshold from there
            keeps exactly those triples whose lowest score exceeds it.
        jit: whether to compile `factors` with XLA, once per batch shape; `compile` sets it. Loss
            and decoding are not compiled: their shapes depend on the data.

    Raises:
        ValueError: `num_predicates` is below 1.
    """

    #: Batches and texts of any size.
    signature: ClassVar = [tf.TensorSpec([None, None], tf.int32, name) for name in INPUTS]
    kind: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    replaceable: ClassVar[tuple[str, ...]] = ()
    nested_from: ClassVar[float] = -math.inf

    def __init__(self, encoder: keras.Model, num_predicates: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if num_predicates < 1:
            raise ValueError(
                f"Expected at least one predicate. Received: num_predicates={num_predicates}. "
                "Use the schema that belongs to the data."
            )
        self.encoder = as_encoder(encoder)
        self.num_predicates = num_predicates

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the attributes that hold the layers; weights are saved under them."""
        raise NotImplementedError

    def _finish(self, shapes: dict[str, Any]) -> None:
        """Build each part from the shape of its input, once all have been created."""
        for name in self.parts:
            layer = getattr(self, name)
            if not layer.built:
                with tf.name_scope(name):
                    layer.build(shapes[name])
        first = getattr(self, self.parts[0])
        self._precision = policy_of(first)
        self._prepare_steps(first.compute_dtype)
        self.save_with_signature()
        self.built = True

    def build(self, input_shape: Any = None) -> None:
        self.built = True  # every part was built in __init__, from the encoder's output shape

    def set_initial_score(self, score: float) -> None:
        """Set the biases of a new model so that each score of a triple starts near `score`.

        Args:
            score: a score suited to pairs that are rarely positive; see `PointerLayer`.
        """
        raise NotImplementedError

    def factors(self, inputs: Any, training: bool | None = False) -> Any:
        """Return the input of loss and decoding for a batch, smaller than all its scores.

        Args:
            inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads.
            training: as in a call of the model.
        """
        token_ids, segment_ids = model_inputs(inputs)
        if not self.jit:
            return self._factors(token_ids, segment_ids, training)
        # XLA compiles for one device. A step that starts with a batch in CPU memory is placed on
        # the CPU and could not reach weights on a GPU, so it is placed where the weights are.
        with tf.device(resource_of(self.weights[0]).device):
            return self._compiled_factors(token_ids, segment_ids, training)

    def _factors(self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None) -> Any:
        raise NotImplementedError

    @cached_property
    def _compiled_factors(self) -> Any:
        # TensorFlow counts traces by a function's code; a `partial` has no shared code.
        return tf.function(
            partial(self._factors), jit_compile=True, autograph=False, reduce_retracing=True
        )

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        """Return the triples of a batch, and bool `[B]`: whether all values behind the scores of a
        text are finite.

        Args:
            inputs: as for `factors`.
            threshold: the value that each score of a triple must exceed: one number, or float32
                `[P]`, one per predicate.
            max_pairs: the maximum number of subject-object pairs scored per text, best first.
        """
        raise NotImplementedError

    def decode_entities(
        self, inputs: Any, threshold: tf.Tensor | float, max_entities: tf.Tensor | int
    ) -> TokenEntities:
        """Return the entities of a batch by their own scores, whether in a triple or not.

        Args:
            inputs: as for `factors`.
            threshold: the value that an entity's score must exceed.
            max_entities: the maximum number of entities per text, best first.

        Raises:
            NotImplementedError: the model does not score entities on their own.
        """
        scores = self.pair_scores(inputs)
        return decode_entities(scores.entity, scores.mask, threshold, max_entities)

    def pair_scores(self, inputs: Any) -> PairScores:
        """Return the scores of all token pairs of a batch, if the model scores pairs.

        Args:
            inputs: as for `factors`.

        Raises:
            NotImplementedError: the model does not override this method.
        """
        raise NotImplementedError(
            f"Expected a model with `pair_scores`, such as GPLinker or TPLinker. Received: "
            f"{self.kind!r}. Override `pair_scores` if it scores token pairs."
        )

    def activations_per_text(self, length: int) -> int:
        """Return how many values the task layers store per text in a step; 0 if negligible.

        Args:
            length: the number of tokens of the text.
        """
        return 0

    def save(self, filepath: str | Path, *args: Any, **kwargs: Any) -> None:
        """Save as in Keras, in any format that can be loaded again.

        Raises:
            ValueError: the file is HDF5, from which Keras can't rebuild the model.
        """
        if Path(filepath).suffix in (".h5", ".hdf5"):
            raise ValueError(
                "Expected a .keras file: Keras can't load a whole model back from HDF5. "
                f"Received: filepath={str(filepath)!r}. Or save only the weights, with "
                "save_weights."
            )
        super().save(filepath, *args, **kwargs)

    def export(self, filepath: str | Path, *args: Any, **kwargs: Any) -> None:
        """Export a SavedModel of `[token_ids, segment_ids]`, int32 `[B, L]` of any size."""
        if args or kwargs:
            super().export(filepath, *args, **{"input_signature": [self.signature], **kwargs})
            return
        # Not every Keras 3 accepts a signature in `export`; without one it requires a prior call.
        archive = keras.export.ExportArchive()
        archive.track(self)
        archive.add_endpoint("serve", self.__call__, input_signature=[self.signature])
        archive.write_out(str(filepath))

    def quantize(self, *args: Any, **kwargs: Any) -> None:
        """Raise an error: Keras's quantization does not support the layers of this model.

        Raises:
            NotImplementedError: always. Keras quantizes only its own dense layers and embeddings;
                the encoder would stay float32, and the saved model could not be loaded.
        """
        raise NotImplementedError(
            f"Expected a model of Keras's own layers. Received: {self.kind!r}, whose encoder would "
            "stay float32. For int8, embeddings included: gplinker export RUN --precision int8, "
            "or gplinker_tf.export.export."
        )

    def get_config(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "encoder": keras.utils.serialize_keras_object(self.encoder),
            "num_predicates": self.num_predicates,
            "precision": self._precision,
            **self.settings_config(),
        }

    def settings_config(self) -> dict[str, Any]:
        """Return the settings by name, and the custom layers, as plain values."""
        return {name: getattr(self, name) for name in self.settings}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> RelationModel:
        encoder = keras.utils.deserialize_keras_object(config["encoder"], custom_objects)
        config = {**config, "encoder": encoder}
        with in_policy(config.pop("precision", "float32")):
            return cls(**config)


def finite_texts(tensor: tf.Tensor) -> tf.Tensor:
    """Bool `[B]`: whether all values of a text in `[B, ...]` are finite.

    Args:
        tensor: float `[B, ...]`.

    Example:

    >>> finite_texts(tf.constant([[1.0, 2.0], [3.0, float("nan")]])).numpy()
    array([ True, False])
    """
    values = tf.reshape(tensor, [tf.shape(tensor)[0], -1])
    return tf.reduce_all(tf.math.is_finite(values), axis=1)

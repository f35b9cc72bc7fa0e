"""What every model here shares: an encoder, parts on it, and how it is saved."""

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
    """Abstract: an encoder, layers on it that score triples, and how they are trained.

    A subclass makes its `target_builder` and the layers that `parts` names, and ends with
    `_finish`.
    It computes `_factors`, `sample_losses` and `decode`.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`;
            or a backbone of KerasHub (`gplinker_tf.encoders.as_encoder`).
        num_predicates: `P`, the number of predicates.
        **kwargs: what every Keras model takes.

    Attributes:
        kind: its name in options and configurations.
        settings: the arguments beside encoder and predicates, which are attributes too.
        replaceable: arguments beside these that take a layer of one's own.
        nested_from: the lowest threshold from which on a higher one finds a part of what a lower
            one finds: exactly those triples whose lowest score exceeds it.
        jit: compile `factors` with XLA, once for each shape of a batch; `compile` sets it. Loss
            and decoding have shapes that depend on the data and stay outside.

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
        """The attributes that hold its layers, by which their weights are saved."""
        raise NotImplementedError

    def _finish(self, shapes: dict[str, Any]) -> None:
        """Builds each part from the shape of its input, when all are made."""
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
        """Set biases of a new model so that each of a triple's scores begins near `score`.

        Args:
            score: what a pair that is rarely positive scores; see `PointerLayer`.
        """
        raise NotImplementedError

    def factors(self, inputs: Any, training: bool | None = False) -> Any:
        """What loss and decoding need of a batch: less than all its scores.

        Args:
            inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads.
            training: as for a call of the model.
        """
        token_ids, segment_ids = model_inputs(inputs)
        if not self.jit:
            return self._factors(token_ids, segment_ids, training)
        # XLA compiles for one device, that of the weights: a step that begins with a batch in the
        # CPU's memory is placed there, and could not reach them on a GPU.
        with tf.device(resource_of(self.weights[0]).device):
            return self._compiled_factors(token_ids, segment_ids, training)

    def _factors(self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None) -> Any:
        raise NotImplementedError

    @cached_property
    def _compiled_factors(self) -> Any:
        # TensorFlow counts traces by a function's code, and a `partial` has none to share.
        return tf.function(
            partial(self._factors), jit_compile=True, autograph=False, reduce_retracing=True
        )

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        """The triples of a batch, and bool `[B]`: whether all that a text's scores are made of
        is finite.

        Args:
            inputs: as for `factors`.
            threshold: what each of a triple's four scores must exceed: one number, or float32
                `[P]`, one per predicate.
            max_pairs: subject-object pairs of a text that are looked at, best first.
        """
        raise NotImplementedError

    def decode_entities(
        self, inputs: Any, threshold: tf.Tensor | float, max_entities: tf.Tensor | int
    ) -> TokenEntities:
        """The entities of a batch by their own scores, whether they are in a triple or not.

        Args:
            inputs: as for `factors`.
            threshold: what an entity's score must exceed.
            max_entities: so many of a text, best first.

        Raises:
            NotImplementedError: the model does not score entities by themselves.
        """
        scores = self.pair_scores(inputs)
        return decode_entities(scores.entity, scores.mask, threshold, max_entities)

    def pair_scores(self, inputs: Any) -> PairScores:
        """The scores of all token pairs of a batch, where the model scores pairs.

        Args:
            inputs: as for `factors`.

        Raises:
            NotImplementedError: it does not, or does not say so.
        """
        raise NotImplementedError(
            f"Expected a model with `pair_scores`, as GPLinker and TPLinker have it. Received: "
            f"{self.kind!r}. Override `pair_scores` if it scores token pairs."
        )

    def activations_per_text(self, length: int) -> int:
        """Numbers that its own layers hold in a step for a text; 0: few beside the encoder's.

        Args:
            length: tokens of the text.
        """
        return 0

    def save(self, filepath: str | Path, *args: Any, **kwargs: Any) -> None:
        """As in Keras, in any format that can be loaded again.

        Raises:
            ValueError: the file is HDF5, of which Keras can't make the model again.
        """
        if Path(filepath).suffix in (".h5", ".hdf5"):
            raise ValueError(
                "Expected a .keras file: Keras can't load a whole model back from HDF5. "
                f"Received: filepath={str(filepath)!r}. Or save only the weights, with "
                "save_weights."
            )
        super().save(filepath, *args, **kwargs)

    def export(self, filepath: str | Path, *args: Any, **kwargs: Any) -> None:
        """As in Keras: a SavedModel of `[token_ids, segment_ids]`, int32 `[B, L]` of any size."""
        if args or kwargs:
            super().export(filepath, *args, **{"input_signature": [self.signature], **kwargs})
            return
        # Not every Keras 3 takes a signature in `export`, and without one it asks for a call.
        archive = keras.export.ExportArchive()
        archive.track(self)
        archive.add_endpoint("serve", self.__call__, input_signature=[self.signature])
        archive.write_out(str(filepath))

    def quantize(self, *args: Any, **kwargs: Any) -> None:
        """Keras's quantization, which does not reach what a model here is made of.

        Raises:
            NotImplementedError: always. Keras quantizes its own dense layers and embeddings; the
                encoder would stay float32, and what is saved could not be loaded.
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
        """Its settings by name, and the layers in place of its own, as plain values."""
        return {name: getattr(self, name) for name in self.settings}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> RelationModel:
        encoder = keras.utils.deserialize_keras_object(config["encoder"], custom_objects)
        config = {**config, "encoder": encoder}
        with in_policy(config.pop("precision", "float32")):
            return cls(**config)


def finite_texts(tensor: tf.Tensor) -> tf.Tensor:
    """Bool `[B]`: whether all of a text's values in `[B, ...]` are finite.

    Args:
        tensor: float `[B, ...]`.

    Example:

    >>> finite_texts(tf.constant([[1.0, 2.0], [3.0, float("nan")]])).numpy()
    array([ True, False])
    """
    values = tf.reshape(tensor, [tf.shape(tensor)[0], -1])
    return tf.reduce_all(tf.math.is_finite(values), axis=1)

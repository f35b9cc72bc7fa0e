"""Text in, triples out: a trained model, its tokenizer and its schema as one object and folder."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._progress import Progress
from gplinker_tf.alignment import TextWindows, window_encoding
from gplinker_tf.batching import ordered_batches, pad_batch
from gplinker_tf.calibration import Calibration, read_calibration, write_calibration
from gplinker_tf.extraction.compatible_types import CompatibleTypes, expect_types
from gplinker_tf.extraction.exported import RUNTIMES, load_exported
from gplinker_tf.extraction.folder import (
    WEIGHTS,
    compatible_types_of,
    config_of,
    read_config,
    schema_of,
    tokenizer_of,
    write_config,
)
from gplinker_tf.extraction.found_in_text import (
    FoundInText,
    add_entities,
    add_windows,
    expect_finite,
)
from gplinker_tf.extraction.portions import portions
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.structures import Extraction, Schema
from gplinker_tf.tokenizers import BertTokenizer

if TYPE_CHECKING:
    from gplinker_tf.models import RelationModel

#: Maximum number of triples listed per text: fifteen times the maximum in LIC2019.
MAX_TRIPLES = 300

#: Attributes that a copy takes over as they are; the model is rebuilt.
STATE = (
    *("tokenizer", "schema", "windows", "encoder_config", "calibration"),
    *("compatible_types", "_warned"),
)


class RelationExtractor:
    """An extractor that finds (subject, predicate, object) triples in texts.

    It can be pickled and copied, also to another process with the same Keras generation; the copy
    has the model's weights, but not its optimizer. An exported model is reloaded from its folder.

    Args:
        model: one of `gplinker_tf.models.MODELS`, or a predictor for another runtime.
        tokenizer: the tokenizer that the encoder was trained with.
        schema: the predicates, in the order of the model's labels.
        max_length: the maximum number of tokens read at once, including [CLS] and [SEP].
        encoder_config: the configuration from which `encoder_from_config` rebuilds the encoder; if
            `None`, it is taken from the encoder, which may be any Keras model.
        long: how longer texts are read: by `"sentences"`, in `"windows"` of several sentences, or,
            with `"truncate"`, only their beginning, as in the original script; see `TextWindows`.
        calibration: the default thresholds, and the probabilities of what is found; `gplinker tune`
            makes it.
        compatible_types: the types that an entity may have at once, for `consistent_types`; they
            are learned in training.

    Attributes:
        windows: `max_length` and `long` as a `TextWindows`, which may be replaced.

    Raises:
        ValueError: schema and model have different numbers of predicates.

    Example, with a run folder that `gplinker train` or `gplinker demo` wrote:

        extractor = RelationExtractor.load("run")
        extraction = extractor("《喜剧之王》由周星驰主演")
        for triple in extraction.triples:
            print(triple.subject.text, triple.predicate, triple.object.text, triple.score)
    """

    def __init__(
        self,
        model: RelationModel | Predictor,
        tokenizer: BertTokenizer,
        schema: Schema,
        max_length: int = 128,
        encoder_config: dict[str, Any] | None = None,
        long: str = "sentences",
        calibration: Calibration | None = None,
        compatible_types: CompatibleTypes | None = None,
    ) -> None:
        if len(schema.predicates) != model.num_predicates:
            raise ValueError(
                f"Expected a schema of {model.num_predicates} predicates, as the model has. "
                f"Received: {len(schema.predicates)}. Use the schema the model was trained with."
            )
        self._trained = model
        self.tokenizer = tokenizer
        self.schema = schema
        self.windows = TextWindows(max_length, long)
        self.encoder_config = encoder_config
        self.calibration = calibration
        self.compatible_types = compatible_types
        self._warned = False

    @property
    def max_length(self) -> int:
        """The maximum number of tokens read at once, including [CLS] and [SEP]."""
        return self.windows.max_length

    @property
    def model(self) -> RelationModel:
        """The Keras model.

        Raises:
            ValueError: the extractor runs an exported model, without Keras.
        """
        if isinstance(self._trained, Predictor):
            raise ValueError(
                f"Expected an extractor with a Keras model. Received: {self._trained!r}. Load the "
                "run folder with runtime='keras'."
            )
        return self._trained

    @cached_property
    def predictor(self) -> Predictor:
        """The predictor that finds the triples of a batch."""
        if isinstance(self._trained, Predictor):
            return self._trained
        from gplinker_tf.extraction.keras_predictor import KerasPredictor

        return KerasPredictor(self.model)

    def __repr__(self) -> str:
        predicates = counted(len(self.schema.predicates), "predicate")
        if isinstance(self._trained, Predictor):
            size = repr(self._trained)
        else:
            from gplinker_tf.models import named_weights

            sizes = (int(np.prod(weight.shape)) for weight in named_weights(self.model).values())
            size = counted(sum(sizes), "parameter")
        return (
            f"RelationExtractor({self._trained.kind}, {predicates}, {size}, "
            f"max_length={self.windows.max_length})"
        )

    @overload
    def __call__(self, texts: str, *args: Any, **kwargs: Any) -> Extraction: ...

    @overload
    def __call__(self, texts: Iterable[str], *args: Any, **kwargs: Any) -> list[Extraction]: ...

    def __call__(
        self,
        texts: str | Iterable[str],
        threshold: float | None = None,
        batch_size: int = 32,
        max_pairs: int = 10_000,
        progress: bool = False,
        max_triples: int = MAX_TRIPLES,
        mentions: str = "all",
        consistent_types: bool = False,
        entities: bool = False,
    ) -> Extraction | list[Extraction]:
        """Return the triples of each text, in the order of the texts, or those of one text.

        Each triple is listed once, best first, with its highest-scoring spans, and with all its
        mentions if its words occur in the text several times. A text that is longer than the
        model reads at once is read in windows; all offsets refer to the whole text.

        Args:
            texts: the texts, or one text.
            threshold: the value that each of a triple's four scores must exceed; a higher one gives
                fewer, more certain triples. `None` uses the tuned thresholds of the run, or 0.
            batch_size: texts per batch.
            max_pairs: maximum number of candidate pairs scored per text, best first; if there are
                more, the result's `capped` is True.
            progress: show a progress bar.
            max_triples: maximum number of triples per text, or per window of a long one, best
                first, each mention counted separately; at most 10,000. The result's `left_out` says
                how many more were found. A trained model finds far fewer; one that has not learned
                yet marks nearly everything, which causes a warning once.
            mentions: which mentions a triple has: `"all"`, best first; only the `"first"` in the
                text; or only the one whose ends are `"nearest"` to each other.
            consistent_types: remove triples that contradict the entity types of more certain ones;
                the result's `removed` lists them.
            entities: also find entities that are in no triple; the result's `unlinked` lists them.
                The model then reads the texts twice; CasRel only finds subjects.

        Raises:
            InputError: scores are not finite, because of broken weights or too narrow a precision;
                the run does not know the entity types, or which of them are compatible; or the
                runtime returns no entities.
            ValueError: a number is below 1, or `mentions` is none of its choices.
        """
        settings = threshold, batch_size, max_pairs, progress, max_triples, mentions
        if isinstance(texts, str):
            [found] = self.stream([texts], *settings, consistent_types, entities)
            return found
        return list(self.stream(list(texts), *settings, consistent_types, entities))

    def stream(
        self,
        texts: Iterable[str],
        threshold: float | None = None,
        batch_size: int = 32,
        max_pairs: int = 10_000,
        progress: bool = False,
        max_triples: int = MAX_TRIPLES,
        mentions: str = "all",
        consistent_types: bool = False,
        entities: bool = False,
    ) -> Iterator[Extraction]:
        """Do the same as a call, for endless texts: results come in order, about 1,000 at a time.

        What the run can't do is refused at once, before the first text is read. If the iterable
        raises an error, the results of the texts before it come first.
        """
        limits = threshold, max_pairs, max_triples
        names = "batch_size", "max_pairs", "max_triples"
        for name, value in zip(names, (batch_size, max_pairs, max_triples), strict=True):
            if value < 1:
                raise ValueError(f"Expected at least 1. Received: {name}={value}.")
        if entities:
            self.predictor.expect_entities()
        types = expect_types(self.compatible_types, self.schema) if consistent_types else None
        total = len(texts) if isinstance(texts, Sequence) else None

        def extractions() -> Iterator[Extraction]:
            settings = {"desc": "extract", "total": total, "unit": " texts", "leave": False}
            with Progress(**settings, disable=not progress) as bar:
                for some in portions(texts):
                    for text in self._read(some, batch_size, limits, bar, entities):
                        yield text.extraction(mentions, self.calibration, types)

        return extractions()

    def _read(
        self,
        texts: list[str],
        batch_size: int,
        limits: tuple[float | None, int, int],
        bar: Progress,
        entities: bool,
    ) -> list[FoundInText]:
        threshold, max_pairs, max_triples = limits
        thresholds = self._thresholds(threshold)
        found, windows = [], []
        for text, encoding in zip(texts, self.tokenizer.encode_batch(texts), strict=True):
            cut = self.windows.cut(text, encoding)
            goes_on = cut[-1][1] < len(encoding.token_ids) - 2
            found.append(FoundInText(text, self.schema, len(cut), goes_on))
            windows += [(found[-1], encoding, window) for window in cut]
        lengths = [last - first + 3 for _, _, (first, last) in windows]
        for places in ordered_batches(lengths, batch_size):
            of_texts, *cuts = zip(*(windows[place] for place in places), strict=True)
            encodings = list(map(window_encoding, *cuts))
            inputs = pad_batch(encodings, self.predictor.length_multiple)
            predicted = self.predictor(*inputs, thresholds, max_pairs, max_triples)
            expect_finite(predicted.finite, of_texts)
            self._warn_of(predicted)
            add_windows(predicted, of_texts, encodings)
            if entities:
                limit = float(np.min(thresholds)), max_triples
                add_entities(self.predictor.entities(*inputs, *limit), of_texts, encodings)
            bar.update(len({id(text) for text in of_texts if not text.unread}))
        return found

    def _thresholds(self, threshold: float | None) -> float | np.ndarray:
        if threshold is not None:
            return threshold
        return self.calibration.thresholds(self.schema.predicates) if self.calibration else 0.0

    def threshold_of(self, predicate: str) -> float:
        """Return the default threshold of a predicate: the tuned one, or 0.

        Args:
            predicate: one of the schema's.
        """
        if self.calibration is None:
            return 0.0
        return float(self.calibration.thresholds([predicate])[0])

    def _warn_of(self, predicted: Prediction) -> None:
        if predicted.left_out.any() and not self._warned:
            self._warned = True
            text = predicted.left_out.argmax()
            listed = np.count_nonzero(predicted.batch == text)
            # The level of the caller, above `_read`, `stream` and the call of the extractor.
            warnings.warn(
                f"The model finds {predicted.left_out[text] + listed:,} triples in one text: it "
                "marks nearly everything and has most likely not learned yet. Train it longer, or "
                f"use a higher threshold. The best {listed:,} of a text are listed (max_triples).",
                stacklevel=5,
            )

    def __getstate__(self) -> dict[str, Any]:
        described = {name: self.__dict__[name] for name in STATE}
        if isinstance(self._trained, Predictor):
            return {**described, "_trained": self._trained}
        from gplinker_tf.extraction.keras_models import state_of

        return {**described, "keras": state_of(self._trained)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "keras" in state:
            from gplinker_tf.extraction.keras_models import model_of_state

            state = {**state, "_trained": model_of_state(state["keras"])}
        self.__dict__.update({name: state[name] for name in (*STATE, "_trained")})

    def save(self, folder: str | Path) -> None:
        """Write the extractor to a folder that `load` reads.

        Either Keras generation can read it if the encoder is one of this package. A custom encoder
        can only be read by the generation that wrote it, once its custom layers are registered
        (`keras.utils.register_keras_serializable`).

        A folder that contained an extractor before always contains one: each file is replaced only
        when the new one is complete.

        Raises:
            ValueError: the encoder has no configuration that it can be built from, or the model
                is an exported one; in that case, copy its folder.
        """
        from gplinker_tf.extraction.keras_models import encoder_config_of
        from gplinker_tf.models import save_weights

        config = config_of(self, self.encoder_config or encoder_config_of(self.model))
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        write_calibration(folder, None)  # so that a new model never gets old thresholds
        write_config(folder, config, self.tokenizer)
        save_weights(self.model, folder / WEIGHTS)
        write_calibration(folder, self.calibration)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        precision: str = "float32",
        jit: bool = False,
        runtime: str = "keras",
    ) -> RelationExtractor:
        """Load the extractor that a training run saved, or an exported one.

        Args:
            folder: the run folder; for other runtimes, the folder of the export works, too.
            precision: the precision to compute in, one of `gplinker_tf.precision.PRECISIONS`,
                whatever the model was trained in.
            jit: compile the model with XLA, once for each batch shape.
            runtime: what runs the model: `"keras"`; or, for an export of the run and without
                TensorFlow, `"onnx"` (ONNX Runtime) or `"litert"` (LiteRT).

        Raises:
            InputError: the folder is not a run folder, or a part of it is missing or broken; or
                there is no up-to-date export of the run.
            ValueError: there is no such precision or runtime.
        """
        if runtime not in RUNTIMES:
            raise ValueError(
                f"Expected one of {', '.join(RUNTIMES)}. Received: runtime={runtime!r}."
            )
        run, model = Path(folder), None
        folder = run
        if runtime != "keras":
            folder, model = load_exported(run, runtime, precision, jit)
        config = read_config(folder)
        schema = schema_of(config, folder)
        if model is None:
            from gplinker_tf.extraction.keras_models import load_model

            model = load_model(folder, config, len(schema.predicates), precision, jit)
        tokenizer = tokenizer_of(config, folder)
        calibration = read_calibration(run, schema.predicates)  # may be newer than an export
        how_to_read = int(config["max_length"]), config["encoder"], config.get("long", "truncate")
        types = compatible_types_of(config, folder)
        return cls(model, tokenizer, schema, *how_to_read, calibration, types)

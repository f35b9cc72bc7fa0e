"""Text in, triples out: a trained model, its tokenizer and its schema as one object, one folder."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, overload

import numpy as np
from tqdm.auto import tqdm

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._counted import counted
from gplinker_tf.batching import ordered_batches, pad_batch
from gplinker_tf.calibration import Calibration, read_calibration, write_calibration
from gplinker_tf.encoders import config_of_encoder
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.folder import CONFIG, VOCABULARY, WEIGHTS, new_model, read_config
from gplinker_tf.extraction.keras_predictor import KerasPredictor
from gplinker_tf.extraction.predictor import Prediction, Predictor
from gplinker_tf.models import RelationModel, load_weights, named_weights, save_weights
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.structures import Encoding, Extraction, Schema, Span, Triple
from gplinker_tf.tokenizers import BertTokenizer

#: Triples of a text that are listed: fifteen times as many as LIC2019's richest text has.
MAX_TRIPLES = 300

#: What a copy takes as it is; the model is built anew.
STATE = ("tokenizer", "schema", "max_length", "encoder_config", "calibration", "_warned")

#: Texts that are tokenized and sorted by length together: many batches, little memory.
WINDOW = 4096


class RelationExtractor:
    """Finds (subject, predicate, object) triples in texts.

    It can be pickled and copied, also to another process of the same Keras generation; the copy has
    the model's weights, not its optimizer.

    Args:
        model: one of `gplinker_tf.models.MODELS`.
        tokenizer: the tokenizer that the encoder was trained with.
        schema: the predicates, in the order of the model's labels.
        max_length: tokens of a text that are read, [CLS] and [SEP] included.
        encoder_config: what `encoder_from_config` needs to build the encoder anew; `None` reads it
            off the encoder, which may be any Keras model.
        calibration: the thresholds that are used where none is given, and the probabilities of
            what is found; `gplinker tune` makes it.

    Raises:
        ValueError: schema and model know different numbers of predicates.

    Example, with a run folder that `gplinker train` or `gplinker demo` wrote:

        extractor = RelationExtractor.load("run")
        extraction = extractor("《喜剧之王》由周星驰主演")
        for triple in extraction.triples:
            print(triple.subject.text, triple.predicate, triple.object.text, triple.score)
    """

    def __init__(
        self,
        model: RelationModel,
        tokenizer: BertTokenizer,
        schema: Schema,
        max_length: int = 128,
        encoder_config: dict[str, Any] | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        if len(schema.predicates) != model.num_predicates:
            raise ValueError(
                f"Expected a schema of {model.num_predicates} predicates, as the model has. "
                f"Received: {len(schema.predicates)}. Use the schema the model was trained with."
            )
        self.model = model
        self.tokenizer = tokenizer
        self.schema = schema
        self.max_length = max_length
        self.encoder_config = encoder_config
        self.calibration = calibration
        self._warned = False

    @cached_property
    def predictor(self) -> Predictor:
        """What finds the triples of a batch."""
        return KerasPredictor(self.model)

    def __repr__(self) -> str:
        predicates = counted(len(self.schema.predicates), "predicate")
        sizes = (int(np.prod(weight.shape)) for weight in named_weights(self.model).values())
        parameters = counted(sum(sizes), "parameter")
        return (
            f"RelationExtractor({self.model.kind}, {predicates}, {parameters}, "
            f"max_length={self.max_length})"
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
    ) -> Extraction | list[Extraction]:
        """The triples of each text, in the order of the texts; of one text, its own.

        A triple is listed once, best first: with the spans that score highest, where its words
        stand in the text several times.

        Args:
            texts: the texts, or one text.
            threshold: each of a triple's four scores must exceed it; higher means fewer and surer.
                `None` takes the tuned thresholds of the run, or 0 where it has not been tuned.
            batch_size: texts the model reads at once.
            max_pairs: candidate pairs of a text that are scored, best first; where that cut
                anything the result's `capped` is True.
            progress: show a progress bar.
            max_triples: triples of a text that are looked at, best first, one at several places
                several times; the result's `left_out` says how many more were found. A trained
                model finds far fewer; one that has not learned yet marks nearly everything, which a
                warning says once.

        Raises:
            InputError: scores are not finite: broken weights, or a precision too narrow for them.
        """
        settings = threshold, batch_size, max_pairs, progress, max_triples
        if isinstance(texts, str):
            [found] = self.stream([texts], *settings)
            return found
        return list(self.stream(list(texts), *settings))

    def stream(
        self,
        texts: Iterable[str],
        threshold: float | None = None,
        batch_size: int = 32,
        max_pairs: int = 10_000,
        progress: bool = False,
        max_triples: int = MAX_TRIPLES,
    ) -> Iterator[Extraction]:
        """As a call, for texts without end: results come in order, a few thousand at a time.

        Where the iterable raises an error, the results of the texts before it come first.
        """
        total = len(texts) if isinstance(texts, Sequence) else None
        limits = threshold, max_pairs, max_triples
        bar = tqdm(desc="extract", total=total, unit=" texts", disable=not progress, leave=False)
        with bar:
            for window in _windows(texts):
                yield from self._read(window, batch_size, limits, bar)

    def _read(
        self, texts: list[str], batch_size: int, limits: tuple[float | None, int, int], bar: tqdm
    ) -> list[Extraction]:
        encodings = self.tokenizer.encode_batch(texts, self.max_length)
        threshold = self._thresholds(limits[0])
        results: dict[int, Extraction] = {}
        lengths = [len(encoding.token_ids) for encoding in encodings]
        _, max_pairs, max_triples = limits
        for batch in ordered_batches(lengths, batch_size):
            batch_encodings = [encodings[place] for place in batch]
            inputs = pad_batch(batch_encodings, self.predictor.length_multiple)
            predicted = self.predictor(*inputs, threshold, max_pairs, max_triples)
            _expect_finite(predicted.finite, [texts[place] for place in batch])
            self._warn_of(predicted.left_out, max_triples)
            for place, found, capped, more in _by_text(predicted, batch):
                text, encoding = texts[place], encodings[place]
                results[place] = self._extraction(text, encoding, found, capped, more)
            bar.update(len(batch))
        return [results[place] for place in range(len(texts))]

    def _thresholds(self, threshold: float | None) -> float | np.ndarray:
        if threshold is not None:
            return threshold
        return self.calibration.thresholds(self.schema.predicates) if self.calibration else 0.0

    def _warn_of(self, left_out: np.ndarray, max_triples: int) -> None:
        if left_out.any() and not self._warned:
            self._warned = True
            # The level of who calls: above are `_read`, `stream` and a call of the extractor.
            warnings.warn(
                f"The model finds {int(left_out.max()) + max_triples:,} triples in one text: it "
                "marks nearly everything and has most likely not learned yet. Train it longer, "
                f"or use a higher threshold. The best {max_triples} of a text are listed "
                "(max_triples).",
                stacklevel=5,
            )

    def _extraction(
        self, text: str, encoding: Encoding, triples: list[tuple], capped: bool, left_out: int
    ) -> Extraction:
        offsets, predicates = encoding.offsets.tolist(), self.schema.predicates

        def span(first: int, last: int) -> Span:
            start, end = offsets[first][0], offsets[last][1]
            return Span(text[start:end], start, end)

        distinct: dict[tuple[str, str, str], Triple] = {}
        for subject, predicate, object_, score, lowest in sorted(triples, key=lambda row: -row[3]):
            triple = Triple(
                span(*subject), predicates[predicate], span(*object_), score, lowest_score=lowest
            )
            best = distinct.setdefault(triple.words, triple)
            if best.lowest_score is not None and lowest > best.lowest_score:
                distinct[triple.words] = replace(best, lowest_score=lowest)
        found = tuple(distinct.values())
        if self.calibration is not None:
            found = self.calibration.with_probabilities(found)
        return Extraction(text, found, encoding.truncated, capped, left_out)

    def __getstate__(self) -> dict[str, Any]:
        model = self.model
        dtype = getattr(model, model.parts[0]).compute_dtype
        return {
            **{name: self.__dict__[name] for name in STATE},
            "model": (type(model), model.get_config(), model.jit),
            "precision": dtype if dtype == "float32" else f"mixed_{dtype}",
            "weights": {name: weight.numpy() for name, weight in named_weights(model).items()},
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        model_class, config, jit = state["model"]
        with layers_compute_in(state["precision"]):
            model = model_class.from_config(config)
        for name, weight in named_weights(model).items():
            weight.assign(state["weights"][name])
        model.jit = jit
        self.__dict__.update({name: state[name] for name in STATE}, model=model)

    def save(self, folder: str | Path) -> None:
        """Writes the extractor as a folder that `load` reads.

        Either Keras generation reads it where the encoder is this package's; an encoder of one's
        own is read by the generation that wrote it, once its own layers are registered
        (`keras.utils.register_keras_serializable`).

        A folder that held an extractor before holds one at every moment: each file is replaced
        when the new one is whole.

        Raises:
            ValueError: the encoder has no configuration that it can be built from.
        """
        encoder_config = self.encoder_config or self._read_encoder_config()
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        config = {
            "model": self.model.kind,
            **{name: getattr(self.model, name) for name in self.model.settings},
            "max_length": self.max_length,
            "lowercase": self.tokenizer.lowercase,
            "encoder": encoder_config,
            "schema": self.schema.rows,
        }
        write_calibration(folder, None)  # thresholds of an old model never meet a new one
        with whole_file(folder / CONFIG) as unfinished:
            unfinished.write_text(json.dumps(config, ensure_ascii=False, indent=1), "utf-8")
        self.tokenizer.save_vocab(folder / VOCABULARY)
        save_weights(self.model, folder / WEIGHTS)
        write_calibration(folder, self.calibration)

    def _read_encoder_config(self) -> dict[str, Any]:
        try:
            config = config_of_encoder(self.model.encoder)
            json.dumps(config)
        except (NotImplementedError, ValueError, TypeError) as error:
            raise ValueError(
                "Expected an encoder that Keras can rebuild from its configuration. Received: "
                f"{self.model.encoder.name!r} ({error}). Make it a functional model, and give "
                "its custom layers a get_config."
            ) from error
        return config

    @classmethod
    def load(
        cls, folder: str | Path, precision: str = "float32", jit: bool = False
    ) -> RelationExtractor:
        """The extractor that a training run saved.

        Args:
            folder: the run folder.
            precision: what it computes in, one of `gplinker_tf.precision.PRECISIONS`, whatever it
                was trained in.
            jit: compile the model with XLA, once for each shape of a batch.

        Raises:
            InputError: the folder is no run folder, or a part of it is missing or broken.
            ValueError: there is no such precision.
        """
        folder = Path(folder)
        config = read_config(folder)
        with layers_compute_in(precision):
            model, schema = new_model(config, folder)
        tokenizer = BertTokenizer.from_vocab_file(folder / VOCABULARY, bool(config["lowercase"]))
        tokens = config["encoder"].get("vocab_size", tokenizer.vocab_size)
        if tokenizer.vocab_size > tokens:
            raise InputError(
                f"{folder / VOCABULARY}: expected the model's {tokens} tokens. Received: "
                f"{tokenizer.vocab_size}. The file belongs to another model."
            )
        load_weights(model, folder / WEIGHTS)
        model.jit = jit
        calibration = read_calibration(folder, schema.predicates)
        length = int(config["max_length"])
        return cls(model, tokenizer, schema, length, config["encoder"], calibration)


def _windows(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts by the window; where they end in an error, first those that were read before it."""
    texts, failure = iter(texts), None
    while failure is None:
        window: list[str] = []
        try:
            for text in islice(texts, WINDOW):
                window.append(text)
        except Exception as error:
            failure = error
        if not window:
            break
        yield window
    if failure is not None:
        raise failure


def _expect_finite(finite: np.ndarray, texts: Sequence[str]) -> None:
    if not finite.all():
        text = texts[int(np.argmin(finite))]
        raise InputError(
            f"Expected finite scores. Received: NaN or infinity, for the text {text[:40]!r}. The "
            "model's weights are damaged, or the range of mixed_float16 is too small for them: "
            "use precision float32 or mixed_bfloat16."
        )


def _by_text(
    predicted: Prediction, places: np.ndarray
) -> Iterator[tuple[int, list[tuple], bool, int]]:
    """For each text of a batch: its place, its rows of a triple's spans and scores, its cuts."""
    spans = predicted.subject, predicted.predicate, predicted.object
    columns = *spans, predicted.score, predicted.lowest
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    of_text: list[list[tuple]] = [[] for _ in places]
    for text, row in zip(predicted.batch.tolist(), rows, strict=True):
        of_text[text].append(row)
    cuts = predicted.capped.tolist(), predicted.left_out.tolist()
    return zip(map(int, places), of_text, *cuts, strict=True)

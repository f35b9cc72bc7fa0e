"""The texts of a file prepared for training: tokenized, labeled, and cached for later runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import tokenizers as tokenizers_library

from gplinker_tf._counted import counted
from gplinker_tf._progress import Progress
from gplinker_tf.alignment.array_cache import Arrays, cached_arrays, hash_of
from gplinker_tf.alignment.label_status import StatusFinder
from gplinker_tf.alignment.label_status_counts import StatusCounts
from gplinker_tf.alignment.triple_aligner import (
    TripleAligner,
    distinct_quintuples,
    labeled_windows,
)
from gplinker_tf.data import AnnotatedTexts
from gplinker_tf.data.collector import collector_at_rest
from gplinker_tf.structures import Encoding, Schema

#: Incremented whenever the labels of the same file change, so that older caches are not used.
LABELS_VERSION = 2


@dataclass(frozen=True)
class LabeledTexts:
    """Tokenized texts with their quintuples, each text in one or more windows.

    Args:
        encodings: the tokens of each window.
        quintuples: int32 `[N, 5]` for each window, as returned by `TripleAligner`.
        line_numbers: the line of each window's text in the file, from 1.
        statuses: the counts of label statuses; `None` if they were not counted.
        first_windows: the index of each text's first window; `None` if each text has one window.

    Example:

    >>> encoding = Encoding(np.array([2, 4, 5, 6, 3]), np.zeros(5), np.zeros([5, 2]))
    >>> texts = LabeledTexts([encoding], [np.array([[1, 1, 0, 3, 3]])], line_numbers=[1])
    >>> len(texts), texts
    (1, LabeledTexts(1 text, 1 labeled triple))
    """

    encodings: Sequence[Encoding]
    quintuples: Sequence[np.ndarray]
    line_numbers: Sequence[int]
    statuses: StatusCounts | None = None
    first_windows: Sequence[int] | None = None

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.encodings)

    def __repr__(self) -> str:
        labels = counted(sum(map(len, self.quintuples)), "labeled triple")
        return f"LabeledTexts({self.in_words()}, {labels})"

    @property
    def num_texts(self) -> int:
        """The number of texts."""
        return len(self) if self.first_windows is None else len(self.first_windows)

    def in_words(self) -> str:
        """Describe the number of texts, and of windows if there are more."""
        windows = f" in {counted(len(self), 'window')}" if len(self) > self.num_texts else ""
        return counted(self.num_texts, "text") + windows

    def by_text(self) -> Iterator[list[tuple[Encoding, np.ndarray]]]:
        """Yield the windows of each text, each with its tokens and quintuples."""
        windows = list(zip(self.encodings, self.quintuples, strict=True))
        ends = [*(self.first_windows or range(len(self))), len(self)]
        return (windows[first:end] for first, end in pairwise(ends))


def read_labeled_texts(
    path: str | Path,
    aligner: TripleAligner,
    limit: int | None = None,
    cache: Path | None = None,
    progress: bool = False,
    annotated: AnnotatedTexts | None = None,
) -> LabeledTexts:
    """Read annotated texts, tokenize and label them, or load the result from a cache.

    A text that is too long for the model is cut into several windows by `TextWindows`.

    The key in the cache is a hash of the file's bytes, the vocabulary, the schema, all settings
    and the versions of labels and tokenizer, so outdated results are never used.

    Args:
        path: a file that `read_examples` reads.
        aligner: the aligner that tokenizes and labels the texts.
        limit: the maximum number of texts to read.
        cache: the cache folder, usually `default_cache_folder()`; `None` for no cache.
        progress: whether to show a progress bar.
        annotated: the annotated texts, if they have been read already.

    Returns:
        The texts of the file, tokenized and labeled.

    Raises:
        InputError: as `read_examples`.

    Example:

    >>> from importlib.resources import files
    >>> from gplinker_tf.data import read_schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> schema = read_schema(sample / "all_50_schemas")
    >>> aligner = TripleAligner(BertTokenizer.from_folder(sample), schema)
    >>> read_labeled_texts(sample / "dev_data.json", aligner, limit=10)
    LabeledTexts(10 texts, 19 labeled triples)

    Source: labels after `data_generator` of the blog's script, https://kexue.fm/archives/8888.
    """

    def labeled() -> LabeledTexts:
        texts = annotated or AnnotatedTexts.read(path, aligner.schema, limit)
        return label_texts(texts, aligner, progress)

    if cache is None or not Path(path).is_file():
        return labeled()
    key = _key(Path(path), aligner, limit)
    arrays = cached_arrays(cache, key, lambda: _to_arrays(labeled()))
    return _from_arrays(arrays, aligner.schema)


@collector_at_rest()
def label_texts(
    texts: AnnotatedTexts, aligner: TripleAligner, progress: bool = False
) -> LabeledTexts:
    """Tokenize and label annotated texts.

    Args:
        texts: the texts.
        aligner: the aligner that tokenizes and labels the texts.
        progress: whether to show a progress bar.

    Returns:
        The tokens and quintuples of each window, and the counts of label statuses.

    Example:

    >>> from gplinker_tf.structures import Example, Span, Triple
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ada", "wrote", "tin"])
    >>> aligner = TripleAligner(tokenizer, Schema((("", "wrote", ""),)))
    >>> example = Example("Ada wrote Tin", (Triple(Span("Ada"), "wrote", Span("Tin")),))
    >>> label_texts(AnnotatedTexts(Path("train.json"), [1], [example]), aligner).quintuples
    [array([[1, 1, 0, 3, 3]], dtype=int32)]
    """
    windows: list[tuple[Encoding, np.ndarray]] = []
    line_numbers: list[int] = []
    first_windows: list[int] = []
    counts = StatusCounts.none(aligner.schema)
    numbered = zip(texts.line_numbers, texts.examples, strict=True)
    found = zip(numbered, StatusFinder(aligner)(texts.examples), strict=True)
    bar = Progress(found, "tokenize", len(texts), unit=" texts", disable=not progress)
    for (line, example), (text, statuses) in bar:
        first_windows.append(len(windows))
        labels = distinct_quintuples(label for status in statuses for label in status.labels)
        windows += labeled_windows(text, labels)
        line_numbers += [line] * len(text.windows)
        counts.add(example.triples, statuses)
    encodings = [encoding for encoding, _ in windows]
    quintuples = [found for _, found in windows]
    return LabeledTexts(encodings, quintuples, line_numbers, counts, first_windows)


def _key(path: Path, aligner: TripleAligner, limit: int | None) -> str:
    tokenizer = aligner.tokenizer
    settings = {
        "versions": [LABELS_VERSION, tokenizers_library.__version__],
        "vocabulary": tokenizer.vocabulary,
        "lowercase": tokenizer.lowercase,
        "schema": aligner.schema.rows,
        "windows": [aligner.windows.max_length, aligner.windows.long],
        "search": aligner.search,
        "occurrences": aligner.occurrences,
        "limit": limit,
    }
    return hash_of([path, json.dumps(settings).encode()])


def _to_arrays(texts: LabeledTexts) -> Arrays:
    assert texts.statuses is not None, "label_texts counts the statuses"
    lengths = [len(encoding.token_ids) for encoding in texts.encodings]
    return {
        "token_ids": np.concatenate([encoding.token_ids for encoding in texts.encodings]),
        "segment_ids": np.concatenate([encoding.segment_ids for encoding in texts.encodings]),
        "offsets": np.concatenate([encoding.offsets for encoding in texts.encodings]),
        "tokens": np.array(lengths),
        "quintuples": np.concatenate(texts.quintuples),
        "triples": np.array([len(found) for found in texts.quintuples]),
        "line_numbers": np.array(texts.line_numbers),
        "statuses": texts.statuses.table,
        "first_windows": np.array(texts.first_windows),
    }


def _from_arrays(arrays: Arrays, schema: Schema) -> LabeledTexts:
    columns = (_pieces(arrays[name], arrays["tokens"]) for name in Encoding._fields[:3])
    encodings = list(map(Encoding, *columns))
    quintuples = list(_pieces(arrays["quintuples"], arrays["triples"]))
    return LabeledTexts(
        encodings,
        quintuples,
        arrays["line_numbers"].tolist(),
        StatusCounts(arrays["statuses"], schema),
        arrays["first_windows"].tolist(),
    )


def _pieces(array: np.ndarray, lengths: np.ndarray) -> Iterator[np.ndarray]:
    ends = np.cumsum(lengths)
    return (
        array[start:end]
        for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)
    )

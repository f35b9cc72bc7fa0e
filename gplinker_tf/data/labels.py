"""From annotated words to positive token pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from gplinker_tf.structures import Encoding, Example, PairLabels, Schema


class PairLabelBuilder:
    """Tokenises annotated texts and finds their triples among the tokens.

    A word is where its tokens occur first in the text's; a triple with an end that is not found,
    or not before `max_length`, gives no label.

    Args:
        tokenizer: a `BertTokenizer`, or what has its `encode_batch`.
        schema: the predicates.
        max_length: tokens of a text, [CLS] and [SEP] included.

    Source: `data_generator` of the blog's script, https://kexue.fm/archives/8888.
    """

    def __init__(self, tokenizer: Any, schema: Schema, max_length: int = 128) -> None:
        self.tokenizer = tokenizer
        self.schema = schema
        self.max_length = max_length
        # Words recur (a subject in several triples, a date, a country): remember their tokens.
        self._tokens_of: dict[str, list[int]] = {}

    def label(self, examples: Sequence[Example]) -> Iterator[tuple[Encoding, np.ndarray]]:
        """The tokens of each text and its distinct quintuples; tokenises on all cores.

        Returns:
            For each text its encoding, and int32 `[N, 5]`: first and last token of the subject,
            predicate, first and last token of the object.
        """
        encodings = self.tokenizer.encode_batch([e.text for e in examples], self.max_length)
        self._remember(
            word for e in examples for t in e.triples for word in (t.words[0], t.words[2])
        )
        return zip(encodings, map(self._quintuples, examples, encodings), strict=True)

    def _remember(self, words: Iterable[str]) -> None:
        new = [word for word in dict.fromkeys(words) if word not in self._tokens_of]
        for word, encoding in zip(new, self.tokenizer.encode_batch(new), strict=True):
            self._tokens_of[word] = encoding.token_ids[1:-1].tolist()

    def _quintuples(self, example: Example, encoding: Encoding) -> np.ndarray:
        tokens = encoding.token_ids.tolist()
        found = set()
        for triple in example.triples:
            subject, predicate, object_ = triple.words
            subject_tokens, object_tokens = self._tokens_of[subject], self._tokens_of[object_]
            subject_start = _first_place(subject_tokens, tokens)
            object_start = _first_place(object_tokens, tokens)
            if subject_start is not None and object_start is not None:
                subject_end = subject_start + len(subject_tokens) - 1
                object_end = object_start + len(object_tokens) - 1
                label = self.schema.index[predicate]
                found.add((subject_start, subject_end, label, object_start, object_end))
        return np.array(sorted(found), np.int32).reshape(-1, 5)


def _first_place(wanted: list[int], tokens: list[int]) -> int | None:
    if not wanted:
        return None
    for start in range(len(tokens) - len(wanted) + 1):
        if tokens[start] == wanted[0] and tokens[start : start + len(wanted)] == wanted:
            return start
    return None


def pair_labels(quintuples: np.ndarray, num_predicates: int) -> PairLabels:
    """The positive pairs of one text, label by label.

    Args:
        quintuples: int `[N, 5]`, as `PairLabelBuilder` gives them.
        num_predicates: `P`.

    Example:

    >>> labels = pair_labels(np.array([[1, 4, 0, 6, 8]]), num_predicates=1)
    >>> labels.entity.tolist(), labels.head.tolist(), labels.tail.tolist()
    ([[[1, 4]], [[6, 8]]], [[[1, 6]]], [[[4, 8]]])
    """
    return PairLabels(
        *(
            padded_pairs(*pairs_of([quintuples], output), 1, labels)[0]
            for output, labels in (
                ("entity", 2),
                ("head", num_predicates),
                ("tail", num_predicates),
            )
        )
    )


def pairs_of(quintuples: Sequence[np.ndarray], output: str) -> tuple[np.ndarray, ...]:
    """The distinct positive pairs of several texts for one output.

    Args:
        quintuples: int `[N, 5]` for each text.
        output: `"entity"`, `"head"` or `"tail"`.

    Returns:
        int arrays `[M]`, `[M]` and `[M, 2]`: text, label and pair, in this order.
    """
    text = np.repeat(np.arange(len(quintuples)), [len(rows) for rows in quintuples])
    rows = np.concatenate(quintuples) if len(text) else np.zeros([0, 5], np.int32)
    subject_start, subject_end, predicate, object_start, object_end = rows.T
    if output == "entity":
        role = np.repeat([0, 1], len(text))
        cells = [np.tile(text, 2), role, rows[:, [0, 3]].T.ravel(), rows[:, [1, 4]].T.ravel()]
    elif output == "head":
        cells = [text, predicate, subject_start, object_start]
    else:
        cells = [text, predicate, subject_end, object_end]
    shape = [column.max(initial=0) + 1 for column in cells]
    distinct = np.unique(np.ravel_multi_index(cells, shape))
    text, label, first, second = np.unravel_index(distinct, shape)
    return text, label, np.stack([first, second], axis=1)


def padded_pairs(
    text: np.ndarray, label: np.ndarray, pair: np.ndarray, texts: int, labels: int
) -> np.ndarray:
    """Pairs `[M, 2]`, sorted by text and label, as int32 `[B, H, K, 2]`; K a power of two."""
    cell = text * labels + label
    count = np.bincount(cell, minlength=texts * labels)
    place = np.arange(len(cell)) - (np.cumsum(count) - count)[cell]
    # Few distinct K, so few distinct shapes reach the graph.
    most = 1 << int(max(count.max(initial=1), 1) - 1).bit_length()
    padded = np.zeros([texts * labels, most, 2], np.int32)
    padded[cell, place] = pair
    return padded.reshape(texts, labels, most, 2)

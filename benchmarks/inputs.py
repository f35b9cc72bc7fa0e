"""Made-up inputs, the same for all sides: NumPy arrays, which every library can read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SEED = 1


def pointer_inputs(texts: int, length: int, labels: int, hidden_size: int) -> dict:
    """Draw hidden states `[B, L, D]`, a mask `[B, L]` and pairs `[B, H, 4, 2]`, most of them 0."""
    random = np.random.default_rng(SEED)
    lengths = random.integers(length // 2, length + 1, [texts, 1])
    return {
        "hidden": random.normal(size=[texts, length, hidden_size]).astype("float32"),
        "mask": np.arange(length) < lengths,
        "pairs": _pairs(random, texts, labels, length // 2),
    }


def training_inputs(texts: int, length: int, predicates: int, vocabulary: int) -> tuple:
    """Draw `(token_ids, segment_ids)` and one to four triples per text, int `[N, 5]`."""
    random = np.random.default_rng(SEED)
    token_ids = random.integers(1, vocabulary, [texts, length]).astype("int32")
    lengths = random.integers(length // 2, length + 1, [texts, 1])
    lengths[0] = length
    token_ids[np.arange(length) >= lengths] = 0
    quintuples = []
    for count in random.integers(1, 5, texts):
        starts = random.integers(1, length // 2 - 4, [count, 2])
        ends = starts + random.integers(0, 4, [count, 2])
        predicate = random.integers(0, predicates, count)
        columns = [starts[:, 0], ends[:, 0], predicate, starts[:, 1], ends[:, 1]]
        quintuples.append(np.stack(columns, axis=1))
    return (token_ids, np.zeros_like(token_ids)), quintuples


def turn_of(texts: list[str], turn: int, count: int) -> list[str]:
    """Return the next `count` texts for a turn, starting over when too few are left."""
    start = turn % (len(texts) // count) * count
    return texts[start : start + count]


def padded_share(batches: Iterable[np.ndarray]) -> float:
    """Return the number of tokens in batches `[B, L]` per token that is not padding."""
    counts = [(token_ids.size, np.count_nonzero(token_ids)) for token_ids in batches]
    tokens, of_text = np.sum(counts, axis=0)
    return float(tokens / of_text)


def _pairs(random: np.random.Generator, texts: int, labels: int, length: int) -> np.ndarray:
    """Draw pairs; about two and a half predicates per text have any, the others are 0."""
    pairs = random.integers(1, length, [texts, labels, 4, 2]).astype("int32")
    pairs[random.random([texts, labels]) >= min(2.5 / labels, 1.0)] = 0
    return pairs

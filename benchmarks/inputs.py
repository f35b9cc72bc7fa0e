"""The same made-up inputs for all sides: NumPy only, so that each library can read them."""

from __future__ import annotations

import numpy as np

SEED = 1


def pointer_inputs(texts: int, length: int, labels: int, hidden_size: int) -> dict:
    """Hidden states `[B, L, D]`, mask `[B, L]`, positive pairs `[B, H, 4, 2]`, most of them 0."""
    random = np.random.default_rng(SEED)
    lengths = random.integers(length // 2, length + 1, [texts, 1])
    return {
        "hidden": random.normal(size=[texts, length, hidden_size]).astype("float32"),
        "mask": np.arange(length) < lengths,
        "pairs": _pairs(random, texts, labels, length // 2),
    }


def training_inputs(texts: int, length: int, predicates: int, vocabulary: int) -> tuple:
    """`((token_ids, segment_ids), labels)` of a GPLinker batch."""
    random = np.random.default_rng(SEED)
    token_ids = random.integers(1, vocabulary, [texts, length]).astype("int32")
    lengths = random.integers(length // 2, length + 1, [texts, 1])
    lengths[0] = length
    token_ids[np.arange(length) >= lengths] = 0
    labels = {
        "entity": np.sort(_pairs(random, texts, 2, length // 2, share=1.0), axis=-1),
        "head": _pairs(random, texts, predicates, length // 2),
        "tail": _pairs(random, texts, predicates, length // 2),
    }
    return (token_ids, np.zeros_like(token_ids)), labels


def turn_of(texts: list[str], turn: int, count: int) -> list[str]:
    """The texts of a turn: the next ones, from the start again where too few are left."""
    start = turn % (len(texts) // count) * count
    return texts[start : start + count]


def _pairs(
    random: np.random.Generator, texts: int, labels: int, length: int, share: float | None = None
) -> np.ndarray:
    """Pairs for a share of the labels: about two and a half predicates a text have a triple."""
    pairs = random.integers(1, length, [texts, labels, 4, 2]).astype("int32")
    share = min(2.5 / labels, 1.0) if share is None else share
    pairs[random.random([texts, labels]) >= share] = 0
    return pairs

"""Reduction of a model's vocabulary to the tokens of some texts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.compression.layers import layers_of, new_model
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.models import named_weights
from gplinker_tf.tokenizers import BertTokenizer

#: Tokens that are always kept.
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

#: The name of the token embedding table, in every family.
TOKEN_TABLE = "encoder/Embedding-Token/0"

#: Number of texts tokenized at once.
PORTION = 4096


def cut_vocabulary(extractor: RelationExtractor, texts: Iterable[str]) -> RelationExtractor:
    """Build the same model with only the tokens of some texts, so with a smaller embedding table.

    Results on these texts are unchanged: only tokens that no text contains are left out, so each
    text is tokenized as before. In other texts, characters that none of these contain become [UNK].

    Args:
        extractor: the extractor, which is not changed.
        texts: texts like those that it will read, the more the better.

    Returns:
        A new extractor.

    Raises:
        InputError: there are no texts, or the encoder belongs to no registered family.

    Example, with a run folder and texts in a file:

        texts = read_texts("texts.jsonl")
        smaller = cut_vocabulary(RelationExtractor.load("run"), texts)
        smaller.save("smaller")
    """
    layers_of(extractor)  # raises if the embedding table has another name
    kept = used_tokens(extractor.tokenizer, texts)
    tokens = [extractor.tokenizer.vocabulary[number] for number in kept]
    config = {**(extractor.encoder_config or {}), "vocab_size": len(tokens)}
    model = new_model(extractor.model, config)
    known = named_weights(extractor.model)
    for name, weight in named_weights(model).items():
        value = known[name].numpy()
        weight.assign(value[kept] if name == TOKEN_TABLE else value)
    return RelationExtractor(
        model,
        BertTokenizer(tokens, extractor.tokenizer.lowercase),
        extractor.schema,
        extractor.max_length,
        config,
        extractor.windows.long,
        extractor.calibration,
        extractor.compatible_types,
    )


def used_tokens(tokenizer: BertTokenizer, texts: Iterable[str]) -> np.ndarray:
    """Return the ids of the tokens in texts and of the special tokens, in ascending order.

    Args:
        tokenizer: the tokenizer.
        texts: the texts.

    Raises:
        InputError: the texts contain no token other than special ones.

    Example:

    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "喜", "剧", "king"])
    >>> used_tokens(tokenizer, ["剧"]).tolist()
    [0, 1, 2, 3, 5]
    """
    used = np.array([token in SPECIAL for token in tokenizer.vocabulary])
    special = int(used.sum())
    remaining = iter(texts)
    while some := list(islice(remaining, PORTION)):
        for encoding in tokenizer.encode_batch(some):
            used[encoding.token_ids] = True
    if used.sum() == special:
        raise InputError(
            "Expected texts like those that the model will read. Received: none with any of the "
            f"model's {counted(len(used), 'token')}. Use other texts."
        )
    return np.flatnonzero(used)

"""A model that knows only the tokens of some texts."""

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

#: Tokens that are kept although no text has them.
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

#: The table of token vectors, in every family.
TOKEN_TABLE = "encoder/Embedding-Token/0"

#: Texts that are tokenized at once.
PORTION = 4096


def cut_vocabulary(extractor: RelationExtractor, texts: Iterable[str]) -> RelationExtractor:
    """The same model with the tokens of some texts only, so with a smaller table of vectors.

    In these texts it finds what it found: a token is left out only where no text has it, so each
    text is split as before. In other texts, a character that none of these has becomes [UNK].

    Args:
        extractor: the extractor, which stays as it is.
        texts: texts like those that it will read, the more the better.

    Returns:
        A new extractor.

    Raises:
        InputError: there is no text, or the encoder is of no family.

    Example, with a run folder and texts in a file:

        texts = read_texts("texts.jsonl")
        smaller = cut_vocabulary(RelationExtractor.load("run"), texts)
        smaller.save("smaller")
    """
    layers_of(extractor)  # raises for an encoder whose table has another name
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
    """The ids of the tokens that occur in texts, and of the special ones, in ascending order.

    Args:
        tokenizer: the tokenizer.
        texts: the texts.

    Raises:
        InputError: there is no text.

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
            f"model's {counted(len(used), 'token')}. Name a file with texts."
        )
    return np.flatnonzero(used)

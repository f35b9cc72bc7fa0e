"""Whether an encoder still tells tokens apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.batching import pad_batch
from gplinker_tf.extraction import RelationExtractor

#: Texts that are looked at.
TEXTS = 8

#: The spread of their vectors below which they count as the same. Of a small encoder trained on
#: LIC2019 it is 0.4 to 0.6; of collapsed ones 0.02, of TPLinker, and 1e-6, of GPLinker.
SAME = 0.05

COLLAPSED = (
    "The encoder has collapsed: it gives every token of every text nearly the same vector, so "
    "nothing can be found, and more epochs will not fix it. Its first steps were too large. "
    "Stop this run and train again with a lower --learning-rate (learning_rate); --recipe auto "
    "chooses one, with a warm-up and gradient clipping."
)


def has_collapsed(extractor: RelationExtractor, texts: Sequence[str]) -> bool:
    """Whether the encoder's output is nearly one vector at all tokens of some texts.

    It compares the standard deviation over tokens, in the mean of the hidden dimensions, with the
    mean size of the values. A deep encoder without warm-up can end so within an epoch; its loss
    then rests at that of scores which are the same everywhere.

    Args:
        extractor: the model with its tokenizer.
        texts: some texts; the first eight are read.
    """
    encodings = extractor.tokenizer.encode_batch(list(texts[:TEXTS]), extractor.max_length)
    hidden = np.asarray(extractor.model.encoder(list(pad_batch(encodings)), training=False))
    tokens = np.concatenate(
        [row[: len(e.token_ids)] for row, e in zip(hidden, encodings, strict=True)]
    ).astype(np.float64)
    return bool(tokens.std(axis=0).mean() < SAME * np.abs(tokens).mean())

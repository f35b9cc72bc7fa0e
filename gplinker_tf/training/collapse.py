"""Detection of an encoder whose output has collapsed to one vector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gplinker_tf.batching import pad_batch
from gplinker_tf.extraction import RelationExtractor

#: Number of texts that are checked.
TEXTS = 8

#: The relative spread below which vectors count as the same. It is 0.4 to 0.6 for a small encoder
#: trained on LIC2019, and for collapsed ones 0.02 (TPLinker) or 1e-6 (GPLinker).
SAME = 0.05

COLLAPSED = (
    "The encoder has collapsed: it gives every token of every text nearly the same vector, so "
    "nothing can be found, and more epochs will not fix it. Its first steps were too large. "
    "Stop this run and train again with a lower --learning-rate (learning_rate); --recipe auto "
    "chooses one, with a warm-up and gradient clipping."
)


def has_collapsed(extractor: RelationExtractor, texts: Sequence[str]) -> bool:
    """Return whether the encoder's output is nearly the same vector at all tokens of some texts.

    It compares the standard deviation over tokens, averaged over the hidden dimensions, with the
    mean absolute value. A deep encoder without warm-up can collapse within an epoch; its loss has
    then plateaued at the value for scores that are the same everywhere.

    Args:
        extractor: the model with its tokenizer.
        texts: some texts, of which the first eight are checked.
    """
    encodings = extractor.tokenizer.encode_batch(list(texts[:TEXTS]), extractor.max_length)
    hidden = np.asarray(extractor.model.encoder(list(pad_batch(encodings)), training=False))
    tokens = np.concatenate(
        [row[: len(e.token_ids)] for row, e in zip(hidden, encodings, strict=True)]
    ).astype(np.float64)
    return bool(tokens.std(axis=0).mean() < SAME * np.abs(tokens).mean())

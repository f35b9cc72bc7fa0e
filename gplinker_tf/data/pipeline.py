"""Training batches as a tf.data pipeline."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.data.batching import length_grouped_batches, pad_batch
from gplinker_tf.data.labelled_texts import LabelledTexts

#: Keeps what labels draw apart from what the order of batches draws.
LABELS = 1


class TrainingBatches:
    """Tokenised texts with their labels, batched anew for each epoch.

    A batch holds texts of similar length, so little of it is padding; which ones, and the order of
    the batches, depends on seed and epoch alone; what labels leave to chance, on seed and step.

    Args:
        texts: the texts, as `read_labelled_texts` gives them.
        label_maker: makes a batch's labels, as the model wants them: `model.label_maker`.
        batch_size: texts of a batch.
        seed: seed of the order.

    Example:

    >>> from gplinker_tf.data import GPLinkerLabels
    >>> from gplinker_tf.structures import Encoding
    >>> text = Encoding(np.array([2, 7, 8, 3]), np.zeros(4), np.zeros([4, 2]))
    >>> texts = LabelledTexts([text] * 3, [np.array([[1, 1, 0, 2, 2]])] * 3, [1, 2, 3])
    >>> batches = TrainingBatches(texts, GPLinkerLabels(5), batch_size=2, seed=1)
    >>> (token_ids, segment_ids), labels = next(iter(batches.dataset()))
    >>> len(batches), {name: tuple(pairs.shape) for name, pairs in labels.items()}
    (2, {'entity': (2, 2, 1, 2), 'head': (2, 5, 1, 2), 'tail': (2, 5, 1, 2)})
    """

    def __init__(self, texts: LabelledTexts, label_maker: Any, batch_size: int, seed: int) -> None:
        self.texts = texts
        self.labels = label_maker
        self.batch_size = batch_size
        self.seed = seed
        self._order_of = lru_cache(maxsize=2)(self.order)
        self._lengths = [len(encoding.token_ids) for encoding in texts.encodings]

    def __len__(self) -> int:
        """Batches of an epoch."""
        return -(-len(self.texts) // self.batch_size)

    def order(self, epoch: int) -> list[np.ndarray]:
        """The texts of each batch of an epoch (from 0), by their place."""
        return length_grouped_batches(self._lengths, self.batch_size, self.seed, epoch)

    def dataset(self, first_step: int = 0) -> tf.data.Dataset:
        """Batches `((token_ids, segment_ids), labels)`, epoch after epoch without end.

        `first_step` is the number of batches, of all epochs, that are passed over.

        Token and segment ids are int32 `[B, L]`; labels a dict of what the label maker makes, for
        GPLinker int32 pairs `[B, H, K, 2]` named `entity`, `head`, `tail`.
        """
        steps = tf.data.Dataset.range(first_step, tf.int64.max)
        return steps.map(self._as_tensors).prefetch(tf.data.AUTOTUNE)

    def _as_tensors(self, step: tf.Tensor) -> Any:
        # `from_generator` takes far longer over a batch than making it does.
        dtypes, shapes = zip(*self.labels.arrays.values(), strict=True)
        arrays = tf.numpy_function(self._batch, [step], [tf.int32, tf.int32, *dtypes])
        shapes = ([None, None], [None, None], *shapes)
        token_ids, segment_ids, *labels = map(tf.ensure_shape, arrays, shapes)
        return (token_ids, segment_ids), dict(zip(self.labels.arrays, labels, strict=True))

    def _batch(self, step: int) -> list[np.ndarray]:
        epoch, number = divmod(int(step), len(self))
        places = self._order_of(epoch)[number]
        inputs = pad_batch([self.texts.encodings[place] for place in places])
        quintuples = [self.texts.quintuples[place] for place in places]
        random = np.random.default_rng([self.seed, int(step), LABELS])
        labels = self.labels(quintuples, inputs[0], random)
        return [*inputs, *(labels[name] for name in self.labels.arrays)]

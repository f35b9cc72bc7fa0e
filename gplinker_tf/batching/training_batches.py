"""Training batches as a tf.data pipeline."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.backend import tf
from gplinker_tf.batching.batches import MULTIPLE, length_grouped_batches, pad_batch

#: Separates the random numbers of labels from those of the batch order.
LABELS = 1


class TrainingBatches:
    """Tokenized texts with their labels, in new batches for each epoch.

    A batch contains texts of similar length, to reduce padding. The batches and their order depend
    only on seed and epoch, and random choices in labels depend only on seed and step.

    Models of this package accept it directly: `model.fit(batches, epochs=20)`, and likewise
    `evaluate`. Other Keras models accept `dataset()`, with `steps_per_epoch=len(batches)` and
    `shuffle=False`, which gives the same batches in the same order, equally fast.

    Args:
        texts: the texts, as returned by `read_labeled_texts`.
        target_builder: builds a batch's labels as the model needs them: `model.target_builder`.
        batch_size: the number of texts per batch.
        seed: the seed of the order and of random choices in labels.
        multiple: the padding multiple: batch lengths are rounded up to a multiple of it.

    Example:

    >>> from gplinker_tf.models import GPLinkerTargets
    >>> from gplinker_tf.structures import Encoding
    >>> text = Encoding(np.array([2, 7, 8, 3]), np.zeros(4), np.zeros([4, 2]))
    >>> texts = LabeledTexts([text] * 3, [np.array([[1, 1, 0, 2, 2]])] * 3, [1, 2, 3])
    >>> batches = TrainingBatches(texts, GPLinkerTargets(5), batch_size=2, seed=1)
    >>> (token_ids, segment_ids), labels = next(iter(batches.dataset()))
    >>> len(batches), {name: tuple(pairs.shape) for name, pairs in labels.items()}
    (2, {'entity': (2, 2, 1, 2), 'head': (2, 5, 1, 2), 'tail': (2, 5, 1, 2)})
    """

    def __init__(
        self,
        texts: LabeledTexts,
        target_builder: Any,
        batch_size: int,
        seed: int,
        multiple: int = MULTIPLE,
    ) -> None:
        self.texts = texts
        self.labels = target_builder
        self.batch_size = batch_size
        self.seed = seed
        self.multiple = multiple
        self._order_of = lru_cache(maxsize=2)(self.order)
        self._last_batch = lru_cache(maxsize=1)(self._batch)
        self._lengths = [len(encoding.token_ids) for encoding in texts.encodings]

    def __repr__(self) -> str:
        batches = counted(len(self), "step")
        return f"TrainingBatches({self.texts.in_words()}, {batches} of {self.batch_size})"

    def __len__(self) -> int:
        """Return the number of batches per epoch."""
        return -(-len(self.texts) // self.batch_size)

    def order(self, epoch: int) -> list[np.ndarray]:
        """Return the indices of the texts in each batch of an epoch, from 0."""
        return length_grouped_batches(self._lengths, self.batch_size, self.seed, epoch)

    def dataset(self, first_step: int = 0, steps: int | None = None) -> tf.data.Dataset:
        """Return a dataset of batches `((token_ids, segment_ids), labels)`, epoch after epoch.

        It skips the first `first_step` batches, counted over all epochs, and has `steps` batches,
        or no end if `steps` is not given.

        Token and segment ids are int32 `[B, L]`. Labels are a dict from the target builder: for
        GPLinker, int32 pairs `[B, H, K, 2]` named `entity`, `head` and `tail`.
        """
        numbers = tf.data.Dataset.range(first_step, _end(first_step, steps))
        return numbers.map(self._as_tensors).prefetch(tf.data.AUTOTUNE)

    def distributed(
        self, strategy: tf.distribute.Strategy, first_step: int = 0, steps: int | None = None
    ) -> tf.data.Dataset | tf.distribute.DistributedDataset:
        """Return the batches of `dataset`, divided among the replicas of a strategy.

        Each replica gets `(inputs, labels, weight)` for consecutive texts of the batch, padded as
        in the whole batch. The replicas' numbers of texts differ by at most one. A replica without
        texts gets one with weight 0, so that losses need not handle empty batches. With these
        float32 weights `[B]`, the mean over all replicas equals the mean over the batch.
        """
        replicas = strategy.num_replicas_in_sync
        if replicas == 1:
            return self.dataset(first_step, steps)

        def of_worker(context: tf.distribute.InputContext) -> tf.data.Dataset:
            ours = replicas // context.num_input_pipelines
            first = context.input_pipeline_id * ours
            # The replicas of a worker take the elements in turn.
            numbers = tf.data.Dataset.range(first_step * ours, _end(first_step, steps, ours))
            shares = numbers.map(
                lambda number: self._share_as_tensors(
                    number // ours, first + number % ours, replicas
                )
            )
            return shares.prefetch(tf.data.AUTOTUNE)

        return strategy.distribute_datasets_from_function(of_worker)

    def _as_tensors(self, step: tf.Tensor) -> Any:
        return self._tensors(self._batch, [step], [], [])

    def _share_as_tensors(self, step: tf.Tensor, replica: tf.Tensor, replicas: int) -> Any:
        share = partial(self._share, replicas=replicas)
        return self._tensors(share, [step, replica], [tf.float32], [[None]])

    def _tensors(self, make: Any, numbers: list[tf.Tensor], dtypes: list, shapes: list) -> Any:
        """Return inputs, labels and extra arrays of `make`, which have `dtypes` and `shapes`."""
        # `from_generator` would take far longer per batch than making the batch does.
        label_dtypes, label_shapes = zip(*self.labels.arrays.values(), strict=True)
        dtypes = [tf.int32, tf.int32, *label_dtypes, *dtypes]
        shapes = [[None, None], [None, None], *label_shapes, *shapes]
        arrays = tf.numpy_function(make, numbers, dtypes)
        token_ids, segment_ids, *others = map(tf.ensure_shape, arrays, shapes)
        labels = dict(zip(self.labels.arrays, others, strict=False))
        return (token_ids, segment_ids), labels, *others[len(labels) :]

    def _share(self, step: int, replica: int, replicas: int) -> list[np.ndarray]:
        """Return one replica's share of a batch, and the weights of its texts."""
        batch = self._last_batch(int(step))
        texts = len(batch[0])
        first, end = (texts * int(number) // replicas for number in (replica, replica + 1))
        rows = slice(first, max(end, first + 1))
        weight = max(texts, replicas) / texts if end > first else 0.0
        share = [array[rows] for array in batch]
        return [*share, np.full(len(share[0]), weight, np.float32)]

    def _batch(self, step: int) -> list[np.ndarray]:
        epoch, number = divmod(int(step), len(self))
        places = self._order_of(epoch)[number]
        inputs = pad_batch([self.texts.encodings[place] for place in places], self.multiple)
        quintuples = [self.texts.quintuples[place] for place in places]
        random = np.random.default_rng([self.seed, int(step), LABELS])
        labels = self.labels(quintuples, inputs[0], random)
        return [*inputs, *(labels[name] for name in self.labels.arrays)]


def _end(first_step: int, steps: int | None, shares: int = 1) -> int:
    """Return the end of the range of share numbers, exclusive."""
    return tf.int64.max if steps is None else (first_step + steps) * shares

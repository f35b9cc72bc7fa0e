"""A generator of batches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from gplinker_tf.backend import tf


class DataGenerator:
    """Abstract: generates batches from data, over and over.

    A subclass defines `__iter__(self, random=False)`, which yields a batch `(x, y)` whenever it has
    enough examples from `self.sample(random)`.

    Args:
        data: a list, or anything that can be iterated over more than once.
        batch_size: examples per batch.
        buffer_size: size of the shuffle buffer, in examples, if the data has no length; defaults
            to 1,000 batches.

    Example:

    >>> class Pairs(DataGenerator):
    ...     def __iter__(self, random=False):
    ...         batch = []
    ...         for is_end, number in self.sample(random):
    ...             batch.append(number)
    ...             if len(batch) == self.batch_size or is_end:
    ...                 yield batch, None
    ...                 batch = []
    >>> [batch for batch, _ in Pairs([1, 2, 3], batch_size=2)], len(Pairs([1, 2, 3], 2))
    ([[1, 2], [3]], 2)
    """

    def __init__(self, data: Any, batch_size: int = 32, buffer_size: int | None = None) -> None:
        self.data = data
        self.batch_size = batch_size
        self.steps = -(-len(data) // batch_size) if hasattr(data, "__len__") else None
        self.buffer_size = buffer_size or batch_size * 1000

    def __len__(self) -> int:
        if self.steps is None:
            raise TypeError(f"Expected data with a length. Received: a {type(self.data).__name__}.")
        return self.steps

    def __iter__(self, random: bool = False) -> Iterator[Any]:
        raise NotImplementedError

    def sample(self, random: bool = False) -> Iterator[tuple[bool, Any]]:
        """Yield `(is_end, example)` for each example; `is_end` is True for the last one."""
        examples = self._mixed() if random else iter(self.data)
        for example in islice(examples, 1):
            for following in examples:
                yield False, example
                example = following
            yield True, example

    def forfit(self, random: bool = True) -> Iterator[Any]:
        """Yield batches forever, in a new order each epoch."""
        while True:
            yield from self.__iter__(random)

    def fortest(self, random: bool = False) -> Iterator[Any]:
        """Yield the inputs of batches forever."""
        while True:
            for batch in self.__iter__(random):
                yield batch[0]

    def to_dataset(
        self, types: Any, shapes: Any, names: Any = None, padded_batch: bool = False
    ) -> tf.data.Dataset:
        """Return an endless dataset of batches, made of single examples that `__iter__` yields.

        Args:
            types: dtypes, nested like the examples.
            shapes: shapes, nested likewise.
            names: a name, a list of names, or a tuple of lists: the keys of the parts in dicts.
            padded_batch: pad the examples of a batch to the longest along axes of size `None`.
        """

        def named(parts: Any) -> Any:
            if names is None:
                return parts
            if isinstance(names, str):
                return {names: parts}
            if isinstance(names[0], str):
                return dict(zip(names, parts, strict=False))
            return tuple(dict(zip(*pair, strict=False)) for pair in zip(names, parts, strict=False))

        def examples() -> Iterator[Any]:
            return map(named, self.forfit())

        types, shapes = named(types), named(shapes)
        if padded_batch:
            dataset = tf.data.Dataset.from_generator(examples, output_types=types)
            return dataset.padded_batch(self.batch_size, shapes)
        dataset = tf.data.Dataset.from_generator(examples, output_types=types, output_shapes=shapes)
        return dataset.batch(self.batch_size)

    def _mixed(self) -> Iterator[Any]:
        if self.steps is not None:
            for place in np.random.permutation(len(self.data)):
                yield self.data[place]
            return
        waiting: list[Any] = []
        for example in self.data:
            waiting.append(example)
            if len(waiting) > self.buffer_size:
                yield waiting.pop(np.random.randint(len(waiting)))
        while waiting:
            yield waiting.pop(np.random.randint(len(waiting)))

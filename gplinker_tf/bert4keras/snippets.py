"""`bert4keras.snippets`: files, padding and the generator of batches."""

from __future__ import annotations

import builtins
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.names import missing

__all__ = [
    "DataGenerator",
    "is_string",
    "open",
    "sequence_padding",
    "string_matching",
    "to_array",
    "truncate_sequences",
    "uniout",
]


#: Scripts import it so that Python 2 shows Chinese; Python 3 always does.
uniout = None


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)


class open:
    """Python's `open` with bert4keras's arguments; lines by number with `indexable`.

    Args:
        name: path of the file.
        mode: as in Python.
        encoding: of the text; UTF-8 if not given, whatever the system's is.
        errors: what to do with bytes that are no text.
        indexable: find where each line starts, so that `file[number]` and `len(file)` work; or the
            path of a file with these places, which is written where it is not yet.

    Source: bert4keras 0.11.5, `snippets.open`.
    """

    def __init__(
        self,
        name: str | Path,
        mode: str = "r",
        encoding: str | None = None,
        errors: str = "strict",
        indexable: bool | str = False,
    ) -> None:
        self.name, self.encoding, self.errors = name, encoding, errors
        if "b" in mode:
            self.file: IO[Any] = builtins.open(name, mode)  # noqa: SIM115
        else:
            self.file = builtins.open(name, mode, encoding=encoding or "utf-8", errors=errors)  # noqa: SIM115
        if indexable:
            self._index(indexable)

    def _index(self, path: bool | str) -> None:
        if not isinstance(path, bool) and Path(path).exists():
            self.offsets = json.loads(Path(path).read_text("utf-8"))
            return
        self.create_indexes()
        if not isinstance(path, bool):
            with whole_file(path) as unfinished:
                unfinished.write_text(json.dumps(self.offsets), "utf-8")

    def create_indexes(self) -> None:
        """Finds where each line starts."""
        self.offsets, offset = [], self.tell()
        while self.readline():
            self.offsets.append(offset)
            offset = self.tell()
        self.seek(0)

    def __getitem__(self, key: int) -> Any:
        self.seek(self.offsets[key])
        return self.readline()

    def __len__(self) -> int:
        if "offsets" not in vars(self):
            # Not an AttributeError: `list(file)` asks, and goes on without an answer.
            raise TypeError(f"Expected a file opened with indexable=True. Received: {self.name}.")
        return len(self.offsets)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.file)

    def __next__(self) -> Any:
        return next(self.file)

    next = __next__

    def seek(self, offset: int = 0, whence: int = 0) -> int:
        """Goes to a place that `tell` gave, the start if none is given."""
        return self.file.seek(offset, whence)

    def __enter__(self) -> open:
        return self

    def __exit__(self, type: Any, value: Any, tb: Any) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        # All that Python's file does; but where there is no file, opening it has failed.
        if name == "file":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.file, name)


def is_string(s: Any) -> bool:
    """Whether it is a `str`."""
    return isinstance(s, str)


def string_matching(s: str, keywords: Iterable[str]) -> bool:
    """Whether one of the regular expressions is found in a string."""
    return any(re.search(keyword, s) for keyword in keywords)


def to_array(*args: Any) -> Any:
    """Each argument as a NumPy array; one alone is returned by itself."""
    arrays = [np.array(value) for value in args]
    return arrays[0] if len(arrays) == 1 else arrays


def sequence_padding(
    inputs: Sequence[Any],
    length: int | Sequence[int] | None = None,
    value: Any = 0,
    seq_dims: int = 1,
    mode: str = "post",
) -> np.ndarray:
    """Sequences as one array, cut or padded to one length along their first axes.

    Args:
        inputs: arrays or lists; the axes behind the first `seq_dims` have one size.
        length: the length, or one for each of the `seq_dims` axes; the longest if not given.
        value: what to pad with.
        seq_dims: how many axes differ.
        mode: `"post"` pads behind, `"pre"` before.

    Returns:
        An array of one axis more than its parts; its dtype is that of all parts together.

    Raises:
        ValueError: another mode.

    Example:

    >>> sequence_padding([[1, 2, 3], [4]]).tolist()
    [[1, 2, 3], [4, 0, 0]]
    """
    if mode not in ("post", "pre"):
        raise ValueError(f"Expected mode 'post' or 'pre'. Received: mode={mode!r}.")
    arrays = [np.asarray(part) for part in inputs]
    if length is None:
        sizes = np.max([array.shape[:seq_dims] for array in arrays], axis=0)
    else:
        sizes = np.broadcast_to(length, [seq_dims])
    shape = [len(arrays), *sizes, *arrays[0].shape[seq_dims:]]
    padded = np.full(shape, value, np.result_type(*arrays))
    for row, array in zip(padded, arrays, strict=True):
        array = array[tuple(slice(size) for size in sizes)]
        taken = array.shape[:seq_dims]
        starts = [size - n if mode == "pre" else 0 for size, n in zip(sizes, taken, strict=True)]
        row[tuple(slice(s, s + n) for s, n in zip(starts, taken, strict=True))] = array
    return padded


def truncate_sequences(maxlen: int, indices: int | Sequence[int], *sequences: Any) -> list[Any]:
    """Takes single items out of the longest list, in place, until all have `maxlen` together.

    Args:
        maxlen: how many items may stay in all.
        indices: at which place an item is taken out, of all lists or of each.
        *sequences: lists; empty ones and `None` are left out.

    Example:

    >>> truncate_sequences(4, -1, [1, 2, 3], [4, 5])
    [[1, 2], [4, 5]]
    """
    lists = [sequence for sequence in sequences if sequence]
    places = [indices] * len(lists) if isinstance(indices, int) else list(indices)
    while sum(map(len, lists)) > maxlen:
        longest = max(range(len(lists)), key=lambda number: len(lists[number]))
        lists[longest].pop(places[longest])
    return lists


class DataGenerator:
    """Abstract: batches from data, again and again.

    A subclass has `__iter__(self, random=False)`, which yields a batch `(x, y)` whenever enough of
    `self.sample(random)` came.

    Args:
        data: a list, or anything that can be gone through more than once.
        batch_size: examples of a batch.
        buffer_size: how many examples are mixed where the data has no length; 1,000 batches if
            not given.

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
        """`(is_end, example)` for each example; `is_end` is True with the last."""
        examples = self._mixed() if random else iter(self.data)
        for example in islice(examples, 1):
            for following in examples:
                yield False, example
                example = following
            yield True, example

    def forfit(self, random: bool = True) -> Iterator[Any]:
        """Batches without end, in a new order each time."""
        while True:
            yield from self.__iter__(random)

    def fortest(self, random: bool = False) -> Iterator[Any]:
        """The inputs of batches without end."""
        while True:
            for batch in self.__iter__(random):
                yield batch[0]

    def to_dataset(
        self, types: Any, shapes: Any, names: Any = None, padded_batch: bool = False
    ) -> tf.data.Dataset:
        """Batches without end, of single examples that `__iter__` yields.

        Args:
            types: dtypes, nested as the examples are.
            shapes: shapes, nested likewise.
            names: a name, a list of names, or a tuple of lists, by which the parts go into dicts.
            padded_batch: pad the examples of a batch to the longest, where a size is `None`.
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

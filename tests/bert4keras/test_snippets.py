"""Files and datasets as in bert4keras."""

import json
import pickle

import numpy as np
import pytest
from reference import load_bert4keras, requires_legacy

from gplinker_tf.bert4keras.snippets import DataGenerator, open

LINES = ["first 一\n", "second\n", "\n", "last 二"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("".join(LINES), "utf-8")
    return str(path)


def test_reading(path):
    with open(path) as file:
        assert [next(file), file.next(), *file] == LINES
    with open(path, encoding="utf-8") as file:
        assert file.readline() == LINES[0]
        place = file.tell()
        assert file.read() == "".join(LINES[1:])
        file.seek(place)
        assert file.readlines() == LINES[1:]
        file.seek()
        assert file.read(5) == "first"
        assert not file.closed
    assert file.closed


def test_writing(tmp_path):
    with open(tmp_path / "new.json", "w", encoding="utf-8") as file:
        json.dump({"词": 1}, file, ensure_ascii=False)
        file.flush()
    assert json.load(open(tmp_path / "new.json")) == {"词": 1}
    with open(tmp_path / "new.pkl", "wb") as file:
        pickle.dump([1], file)
    with open(tmp_path / "new.pkl", "rb") as file:
        assert pickle.load(file) == [1]


def test_lines_by_number(path, tmp_path):
    places = tmp_path / "places.json"
    for indexable in (True, str(places), str(places)):
        with open(path, encoding="utf-8", indexable=indexable) as file:
            assert len(file) == 4
            assert [file[number] for number in (2, 0, 3, 1)] == [LINES[n] for n in (2, 0, 3, 1)]
    assert len(json.loads(places.read_text())) == 4
    with pytest.raises(TypeError, match=r"indexable=True\. Received: .*lines\.txt"):
        len(open(path))
    with pytest.raises(FileNotFoundError):
        open(path + "x")


class Numbers(DataGenerator):
    """A generator of single examples, as `to_dataset` expects."""

    def __iter__(self, random=False):
        for _, number in self.sample():
            yield list(range(number)), number

    def forfit(self, random=True):
        return super().forfit(False)


class Pairs(Numbers):
    def __iter__(self, random=False):
        for a, b in super().__iter__(random):
            yield (a, [b]), (b,)


@pytest.mark.parametrize(
    ("generator", "arguments"),
    [
        (Numbers, (("int32", "int32"), ([None], []), None, True)),
        (Numbers, (("int32", "float32"), ([None], []), ["a", "b"], True)),
        (Pairs, ((("int32", "int32"), ("int32",)), (([4], [1]), ([],)), None, True)),
        (
            Pairs,
            (
                (("int32", "int32"), ("int32",)),
                (([None], [1]), ([],)),
                (["a", "b"], ["c"]),
                True,
            ),
        ),
    ],
)
@pytest.mark.parametrize("module", ["ours", pytest.param("real", marks=requires_legacy)])
def test_a_dataset(module, generator, arguments):
    if module == "real":
        real = load_bert4keras().snippets.DataGenerator
        generator = type("Real", (generator,), {"to_dataset": real.to_dataset})
    dataset = generator([1, 3, 2, 4], batch_size=2).to_dataset(*arguments)
    first, second = list(dataset.take(2).as_numpy_iterator())
    sizes = [np.shape(part)[1:] for part in _flat(second)]
    assert [len(part) for part in _flat(first)] == [2] * len(sizes)
    assert sizes[0] == (4,)
    names = arguments[2]
    if names is None:
        assert isinstance(first, tuple)
    elif isinstance(names, list):
        assert set(first) == {"a", "b"} and first["b"].tolist() == [1.0, 3.0]
    else:
        assert set(first[0]) == {"a", "b"} and first[1]["c"].tolist() == [1, 3]


def test_a_dataset_of_equal_examples():
    class Squares(DataGenerator):
        def __iter__(self, random=False):
            for _, number in self.sample(random):
                yield [number, number**2]

    dataset = Squares([2, 3], batch_size=2).to_dataset("int32", [2], "x")
    assert sorted(next(dataset.as_numpy_iterator())["x"].tolist()) == [[2, 4], [3, 9]]


def _flat(batch):
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, (list, tuple)):
        return [part for value in batch for part in _flat(value)]
    return [batch]

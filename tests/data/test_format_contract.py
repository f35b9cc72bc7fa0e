"""The contract of every format: it is recognized, spans match their words, nothing is lost."""

import json

import pytest
from data.format_samples import ADA, ALONE, OBJECTS, RAIN, TRIPLE, TYPES, bad_object, write_sample

from gplinker_tf import InputError
from gplinker_tf.data import FORMATS, TextInput, extraction_to_json, read_examples, read_texts

#: Plain text is the only format without annotation.
ANNOTATED = [name for name in FORMATS if name != "text"]
each_format = pytest.mark.parametrize("name", ANNOTATED)

#: Replacements for any value of an object: each is either harmless or an error of the item.
VALUES = (None, 7, -1, 10**30, 0.5, True, "", " ", "x", "\ud800", [], [[]], [7], {}, {"x": 1})


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_what_it_is(name):
    kind = FORMATS[name]
    assert kind.name == name and kind.title
    assert kind.looks_like and "\n" not in kind.looks_like and len(kind.looks_like) <= 90


@each_format
def test_it_is_recognized(tmp_path, name):
    source = TextInput(write_sample(tmp_path, name))
    assert source.format == name
    assert FORMATS[name].title in source.description


@each_format
def test_words_offsets_and_types_are_read(tmp_path, name):
    kind = FORMATS[name]
    first, second = read_examples(write_sample(tmp_path, name))
    assert (first.text, second.text, second.triples) == (ADA, RAIN, ())
    [triple] = first.triples
    assert triple.words == TRIPLE
    for span, type_ in zip((triple.subject, triple.object), TYPES, strict=True):
        assert span.type == (type_ if kind.has_types else "")
        assert (span.start is not None) == kind.has_offsets
        assert not kind.has_offsets or ADA[span.start : span.end] == span.text


@each_format
def test_entities_in_no_triple_are_kept(tmp_path, name):
    first, second = read_examples(write_sample(tmp_path, name))
    assert first.unlinked == ()
    assert second.unlinked == ((ALONE,) if FORMATS[name].has_entities else ())


@each_format
def test_a_bad_item_is_set_aside_and_all_others_are_served(tmp_path, name):
    errors, path = [], write_sample(tmp_path, name, bad=True)
    examples = read_examples(TextInput(path, set_aside=errors.append))
    texts = [example.text for example in examples]
    assert texts == [ADA, RAIN] and len(examples[0].triples) == 1
    [error] = errors
    assert str(error).startswith(f"{error.place.path}:{error.place.number}: ")
    assert "expected " in str(error) and "Received: " in str(error)
    with pytest.raises(InputError) as caught:
        read_examples(path)
    assert str(caught.value) == str(error)


@pytest.mark.parametrize("name", [name for name in OBJECTS if name != "json"])
def test_a_broken_first_line_does_not_hide_the_format(tmp_path, name):
    path, errors = tmp_path / "a.json", []
    good, empty, _ = OBJECTS[name]
    path.write_text("\n".join(["{broken", json.dumps(good), json.dumps(empty)]))
    source = TextInput(path, set_aside=errors.append)
    assert source.format == name and len(read_examples(source)) == 2
    assert [error.place.number for error in errors] == [1]


@each_format
def test_its_texts_are_those_of_its_records(tmp_path, name):
    path = write_sample(tmp_path, name)
    assert list(read_texts(path)) == [example.text for example in read_examples(path)]


@each_format
def test_nothing_is_lost_where_it_is_written_as_lic2019(tmp_path, name):
    examples = read_examples(write_sample(tmp_path, name))
    path = tmp_path / "written.jsonl"
    lines = (extraction_to_json(example.as_extraction()) + "\n" for example in examples)
    path.write_text("".join(lines), "utf-8")
    assert read_examples(path) == examples


@pytest.mark.parametrize("name", OBJECTS)
def test_a_bad_value_is_an_error_with_its_place(tmp_path, name):
    """This holds for any value, anywhere in an object."""
    path = tmp_path / "a.json"
    good, empty, _ = OBJECTS[name]
    for row in (*_mutated(good), *_mutated(empty)):
        path.write_text(json.dumps([row] if name == "json" else row))
        for read in (read_examples, lambda source: list(read_texts(source))):
            try:
                read(TextInput(path, name))
            except InputError as error:
                assert str(error).startswith(f"{path}:1: ")


@pytest.mark.parametrize("name", [name for name in OBJECTS if name != "jsonl"])
def test_items_of_an_array_on_one_line_have_their_number(tmp_path, name):
    path = tmp_path / "a.json"
    good, empty, _ = OBJECTS[name]
    path.write_text(json.dumps([good, empty, bad_object(name)]))
    with pytest.raises(InputError) as caught:
        read_examples(path)
    assert str(caught.value).startswith(f"{path}:1: item 3: ")


def _mutated(row):
    """Yield copies of the object with one value replaced or removed, for each value in turn."""
    for where in list(_places(row)):
        for value in VALUES:
            yield _with(row, where, value)
        if isinstance(where[-1], str):
            yield _without(row, where)


def _places(value, where=()):
    if where:
        yield where
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, part in inside:
        yield from _places(part, (*where, key))


def _copied_to(row, where):
    copy = json.loads(json.dumps(row))
    inside = copy
    for key in where[:-1]:
        inside = inside[key]
    return copy, inside


def _with(row, where, value):
    copy, inside = _copied_to(row, where)
    inside[where[-1]] = value
    return copy


def _without(row, where):
    copy, inside = _copied_to(row, where)
    del inside[where[-1]]
    return copy

"""Bad items are reported with their line numbers, and all others are read."""

import json

import pytest

from gplinker_tf import InputError, Schema
from gplinker_tf.data import TextInput, read_examples, read_texts

GOOD = '{"text": "Ada wrote Tin", "spo_list": []}'
DEEP = '{"text": "a", "spo_list": ' + "[" * 100_000
TABLE = "text,subject,predicate,object"

#: Name, lines, line numbers of the bad items, number of the other texts.
DAMAGED = [
    ("a.jsonl", [GOOD, "{broken", "", GOOD, "7"], [2, 5], 2),
    ("a.jsonl", [GOOD, '{"text": 7, "spo_list": []}', DEEP, GOOD], [2, 3], 2),
    ("a.jsonl", [GOOD, '{"text": "\\ud800", "spo_list": []}', GOOD], [2], 2),
    ("a.jsonl", ["{broken", GOOD], [1], 1),
    ("a.jsonl", ["好", GOOD, b"\xe5\xa5", GOOD, "a\0b", GOOD], [1, 3, 5], 3),
    ("a.json", ["[", GOOD + ",", "7,", '{"text": []},', GOOD, "]"], [3, 4], 2),
    ("a.csv", [TABLE, "x,,,", "x,a", "y,,,", 'z"z,,,', '"u"v,,,', "w,,,"], [3, 6], 4),
    ("a.csv", [TABLE, "好,,,", b'"one\xff', 'cell",,,', "y,,,", "x,a,,b"], [3, 6], 2),
]


@pytest.mark.parametrize(("name", "lines", "bad", "served"), DAMAGED)
def test_all_others_are_served(tmp_path, name, lines, bad, served):
    path = tmp_path / name
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines))
    errors = []
    assert len(read_examples(TextInput(path, set_aside=errors.append))) == served
    assert [error.place.number for error in errors] == bad
    assert all(str(error).startswith(f"{path}:{error.place.number}: ") for error in errors)
    with pytest.raises(InputError) as caught:
        read_examples(path)
    assert str(caught.value) == str(errors[0])


def test_texts_are_set_aside_alike(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_bytes("一\n".encode() + b"\xe4\xb8\n\n" + "二".encode())
    errors = []
    assert list(read_texts(TextInput(path, set_aside=errors.append))) == ["一", "", "二"]
    assert [error.place.number for error in errors] == [2]


def test_a_predicate_that_the_schema_lacks_is_a_bad_item(tmp_path):
    path, errors = tmp_path / "a.csv", []
    path.write_text(f"{TABLE}\nx y,x,p,y\nu v,u,q,v\n")
    source = TextInput(path, set_aside=errors.append)
    examples = read_examples(source, Schema((("", "p", ""),)))
    assert [example.text for example in examples] == ["x y"]
    assert [error.place.number for error in errors] == [3] and source.left_out == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", f"[{GOOD}, {{".encode(), "cut short"),
        ("a.csv", f'{TABLE}\nx,,,\n"y,,,\nz,,,\n'.encode(), "not closed"),
        ("a.txt", "Müller\n".encode("cp1252"), "Windows-1252"),
        ("a.jsonl", b"7\n{", "7 items|2 items, all set aside"),
    ],
)
def test_what_damages_the_whole_input_is_raised(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    read = (lambda source: list(read_texts(source))) if name == "a.txt" else read_examples
    with pytest.raises(InputError, match=message):
        read(TextInput(path, set_aside=lambda error: None))


def test_deep_json_has_its_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(f"{GOOD}\n{json.dumps(DEEP)}\n{DEEP}\n")
    errors = []
    read_examples(TextInput(path, set_aside=errors.append))
    assert [error.place.number for error in errors] == [2, 3]

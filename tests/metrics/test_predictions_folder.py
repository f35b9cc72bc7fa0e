"""The predictions file: a missing folder is an error, and what was written is read."""

import pytest

from gplinker_tf import Example, Extraction, InputError, Span, Triple
from gplinker_tf.runs import read_predictions, write_predictions


def test_no_folder_to_write_to(tmp_path):
    path = tmp_path / "missing" / "dev_pred.json"
    with pytest.raises(InputError, match="folder that exists"):
        write_predictions(path, [], [], str.split)
    assert not path.parent.exists()


def test_what_was_written_is_read(tmp_path):
    path, text = tmp_path / "dev_pred.json", "a b c"
    gold = (Triple(Span("a"), "p", Span("b")),)
    found = (
        Triple(Span("a", 0, 1), "p", Span("c", 4, 5), 7.25),
        Triple(Span("b", 2, 3), "p", Span("c", 4, 5), -1.5),
    )
    write_predictions(path, [Example(text, gold)], [Extraction(text, found)], str.split)
    assert read_predictions(path) == ([Example(text, gold)], [Extraction(text, found)])
    damages = (
        ('"score": 7.25', '"score": "high"'),
        ("places", "spo_list_pred"),
        ('"text": "a b c"', '"text": "b a c"'),  # the spans then contain other words
    )
    for old, new in damages:
        damaged = tmp_path / "damaged.json"
        damaged.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        with pytest.raises(InputError, match=r"damaged\.json:1: "):
            read_predictions(damaged)

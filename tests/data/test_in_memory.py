"""Annotated texts in memory."""

import pandas
import pytest

from gplinker_tf import Example, InputError, Schema, Span, Triple
from gplinker_tf.data import as_examples, create_data_folder, read_examples

WROTE = Triple(Span("Ada"), "wrote", Span("Tin"))
EXAMPLES = [Example("Ada wrote Tin", (WROTE,)), Example("Ada slept")]
ROW = {"subject": "Ada", "predicate": "wrote", "object": "Tin"}
FORMS = {
    "examples": EXAMPLES,
    "pairs": [("Ada wrote Tin", [("Ada", "wrote", "Tin")]), ("Ada slept", [])],
    "mixed": [EXAMPLES[0], ("Ada slept", ())],
    "lic2019": [
        {"text": "Ada wrote Tin", "spo_list": [ROW]},
        {"text": "Ada slept", "spo_list": []},
    ],
    "triple-list": [
        {"text": "Ada wrote Tin", "triple_list": [["Ada", "wrote", "Tin"]]},
        {"text": "Ada slept", "triple_list": []},
    ],
    "rows": [
        {"text": "Ada wrote Tin", **ROW},
        {"text": "Ada slept", "subject": "", "predicate": "", "object": ""},
    ],
    "data frame": pandas.DataFrame(
        {
            "text": ["Ada wrote Tin", "Ada slept"],
            "subject": ["Ada", None],
            "predicate": ["wrote", None],
            "object": ["Tin", None],
        }
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_and_written(form, tmp_path):
    assert as_examples(FORMS[form]) == EXAMPLES
    data = create_data_folder(tmp_path / "data", FORMS[form], FORMS[form])
    assert read_examples(data.train) == read_examples(data.dev) == EXAMPLES
    assert data.read_schema().predicates == ("wrote",)


def test_a_data_frame_goes_round_with_types_and_offsets():
    triple = Triple(Span("Ada", 0, 3, "person"), "wrote", Span("Tin", 10, 13, "book"), 2.5)
    frames = [each.to_dataframe() for each in (Example("Ada wrote Tin", (triple,)), EXAMPLES[0])]
    [example] = as_examples(pandas.concat(frames))  # one text, once with offsets, once without
    assert example.triples == (
        Triple(Span("Ada", 0, 3, "person"), "wrote", Span("Tin", 10, 13, "book")),
        WROTE,
    )


def test_errors_name_the_item():
    with pytest.raises(InputError, match=r"^texts:2: expected an Example, a dict, or a pair"):
        as_examples([("Ada", []), "Tin"])
    with pytest.raises(InputError, match=r"^texts:2: expected a string under 'text'"):
        as_examples([{"text": "Ada", "spo_list": []}, {"text": 7, "spo_list": []}])
    with pytest.raises(InputError, match=r"^texts:1: .*Received: 'wrote'"):
        as_examples(FORMS["pairs"], Schema((("", "directed", ""),)))
    with pytest.raises(InputError, match=r"Received: generator\. Make it a list"):
        as_examples(pair for pair in FORMS["pairs"])
    assert as_examples([]) == []


def test_a_cell_can_be_run_again_and_destroys_nothing(tmp_path):
    folder = tmp_path / "data"
    first = create_data_folder(folder, FORMS["pairs"], FORMS["pairs"], ["wrote"])
    stamp = first.train.read_bytes()
    assert create_data_folder(folder, FORMS["pairs"], FORMS["pairs"], ["wrote"]) == first
    more = [*FORMS["pairs"], ("Tin", [])]
    with pytest.raises(InputError, match=r"train\.jsonl.*overwrite=True"):
        create_data_folder(folder, more, FORMS["pairs"], ["wrote"])
    with pytest.raises(InputError, match=r"schema\.jsonl.*overwrite=True"):
        create_data_folder(folder, FORMS["pairs"], FORMS["pairs"], ["wrote", "read"])
    assert first.train.read_bytes() == stamp
    create_data_folder(folder, more, FORMS["pairs"], ["wrote"], overwrite=True)
    assert len(read_examples(first.train)) == 3
    with pytest.raises(InputError, match=r"train\.jsonl. Name another folder, or move"):
        create_data_folder(folder, FORMS["data frame"], FORMS["pairs"], overwrite=True)


def test_files_stay_where_they_are(sample, tmp_path):
    schema = sample / "all_50_schemas"
    data = create_data_folder(tmp_path / "data", sample / "train_data.json", EXAMPLES, schema)
    assert (data.train, data.schema) == (sample / "train_data.json", schema)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["dev.jsonl"]

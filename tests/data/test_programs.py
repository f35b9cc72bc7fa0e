"""Formats of other programs: their variants and their limits."""

import json
import re
from copy import deepcopy

import pytest
from data.format_samples import ADA, OBJECTS, STANDOFF, write_sample

from gplinker_tf import InputError, Span, Triple
from gplinker_tf.data import TextInput, read_examples, read_texts

LABEL_STUDIO = OBJECTS["label-studio"][0]
OPENNRE = OBJECTS["opennre"][0]


def read(folder, *rows, dump=json.dumps):
    path = folder / "a.json"
    path.write_text("\n".join(map(dump, rows)), "utf-8")
    return read_examples(path)


def words(examples):
    return [triple.words for example in examples for triple in example.triples]


def with_result(**fields):
    """Return the Label Studio task with its relation changed."""
    task = deepcopy(LABEL_STUDIO)
    task["annotations"][1]["result"][2] |= fields
    return task


def test_label_studio_has_directions_and_several_labels(tmp_path):
    for direction, found in (
        ("right", [("Tin", "wrote", "Ada")]),
        ("left", [("Ada", "wrote", "Tin")]),
        ("bi", [("Tin", "wrote", "Ada"), ("Ada", "wrote", "Tin")]),
    ):
        assert words(read(tmp_path, [with_result(direction=direction)])) == found
    found = words(read(tmp_path, [with_result(labels=["wrote", "sold"])]))
    assert [predicate for _, predicate, _ in found] == ["wrote", "sold"]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (with_result(labels=[]), "expected a label on each relation.*Add <Relations>"),
        (with_result(direction="up"), "right, left or bi"),
        (LABEL_STUDIO | {"annotations": []}, "none that was submitted. Annotate the task"),
        (LABEL_STUDIO | {"data": {"a": "x", "b": "y"}}, "'text'"),
    ],
)
def test_label_studio_says_what_to_do(tmp_path, task, message):
    with pytest.raises(InputError, match=rf"a\.json:1: .*{message}"):
        read(tmp_path, [task])


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (("._.", "rel", None, None), [1], r"expected doc\._\.rel as \{"),
        (("._.", "rel", None, None), {7: {"wrote": 1.0}}, r"expected doc\._\.rel as \{"),
        (("._.", "rel", None, None), {(0, 2): {"wrote": "x"}}, "labels and their probabilities"),
        (("._.", "rel", None, None), {(0, 1): {"wrote": 1.0}}, r"Received: \(0, 1\) for 'wrote'"),
        ("gplinker", [[0, 3, "wrote"]], "expected relations of the component"),
        ("gplinker", [["0", 3, "", "wrote", 10, 13, "", None, None]], "relations of the component"),
        ("gplinker", [[0, 3, None, "wrote", 10, 13, "", None, None]], "relations of the component"),
        ("gplinker", [[0, 99, "", "wrote", 10, 13, "", None, None]], "offsets within the text"),
    ],
)
def test_spacy_says_what_is_wrong_in_a_document(tmp_path, key, value, message):
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    path, errors = write_sample(tmp_path, "spacy"), []
    first, second = DocBin().from_disk(path).get_docs(Vocab())
    first.user_data[key] = value
    DocBin(docs=[first, second], store_user_data=True).to_disk(path)
    examples = read_examples(TextInput(path, set_aside=errors.append))
    [error] = errors
    assert re.match(rf"{path}:1: .*{message}", str(error))
    assert examples[-1].triples == () and not words(examples)


def test_a_docbin_may_count_characters(tmp_path):
    """Some projects write it this way: Tin starts at character 10, which is token 2."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    path = write_sample(tmp_path, "spacy")
    first, _ = DocBin().from_disk(path).get_docs(Vocab())
    first.user_data["._.", "rel", None, None] = {(0, 10): {"wrote": 1.0}, (10, 0): {"wrote": 0.0}}
    DocBin(docs=[first], store_user_data=True).to_disk(path)
    assert words(read_examples(path)) == [("Ada", "wrote", "Tin")]


def test_a_docbin_is_known_by_what_it_contains_and_damage_is_told(tmp_path):
    path = write_sample(tmp_path, "spacy").rename(tmp_path / "documents")
    assert TextInput(path).format == "spacy"
    path = path.rename(tmp_path / "a.spacy")
    for content in (b"", path.read_bytes()[:-20], b"text"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"a\.spacy: expected a DocBin of spaCy"):
            read_examples(path)


def test_label_studio_calls_work_otherwise_too(tmp_path):
    work = LABEL_STUDIO["annotations"]
    for task in (
        {"data": {"sentence": ADA, "id": 7}, "annotations": work},
        {"data": {"text": ADA}, "completions": work},
        {"data": {"text": ADA}, "predictions": work},
    ):
        assert words(read(tmp_path, [task])) == [("Ada", "wrote", "Tin")]


def test_offsets_in_other_units_are_explained(tmp_path):
    text = f"😀{ADA}"
    task = json.loads(json.dumps(LABEL_STUDIO).replace(ADA, text))
    for region in task["annotations"][1]["result"][:2]:
        region["value"]["start"] += 2
        region["value"]["end"] += 2
    with pytest.raises(InputError, match=r"They count UTF-16 units: write \[1, 4\]"):
        read(tmp_path, [task])


def test_doccano_before_1_7(tmp_path):
    row = deepcopy(OBJECTS["doccano"][0])
    label = {key: row.pop(key) for key in ("entities", "relations")}
    for changed in (row | {"label": label}, {"data": row["text"], "label": label}):
        assert words(read(tmp_path, changed)) == [("Ada", "wrote", "Tin")]


def test_opennre_counts_tokens_where_it_has_tokens(tmp_path):
    row = {key: OPENNRE[key] for key in ("relation", "h", "t")} | {"token": ADA.split()}
    row = row | {"h": row["h"] | {"pos": [0, 1]}, "t": row["t"] | {"pos": [2, 3]}}
    [example] = read(tmp_path, row)
    assert (example.text, words([example])) == (ADA, [("Ada", "wrote", "Tin")])
    with pytest.raises(InputError, match=r"read 'Tim'. Received: \[2, 3\], which reads 'Tin'"):
        read(tmp_path, row | {"t": row["t"] | {"name": "Tim"}})


def test_opennre_has_files_that_include_the_last_token(tmp_path):
    """As in its data set of people, in which "unknown" means no relation; names show the ends."""
    both = {"h": {"name": "红线女", "pos": [0, 2]}, "t": {"name": "马师曾", "pos": [4, 6]}}
    row = {"token": [*"红线女与马师曾"], **both, "relation": "夫妻"}
    [example] = read(tmp_path, row)
    assert example.triples == (Triple(Span("红线女", 0, 3), "夫妻", Span("马师曾", 4, 7)),)
    [example] = read(tmp_path, row | {"relation": "unknown"})
    assert not example.triples and len(example.unlinked) == 2


def test_an_entity_of_one_relation_and_of_none_is_in_a_triple(tmp_path):
    """OpenNRE lists each pair of entities of a text, with or without a relation."""
    verb = {"name": "wrote", "pos": [4, 9]}
    [example] = read(tmp_path, OPENNRE | {"relation": "NA", "t": verb}, OPENNRE)
    assert words([example]) == [("Ada", "wrote", "Tin")]
    assert example.unlinked == (Span("wrote", 4, 9),)


def test_relations_between_h_and_t_may_be_listed(tmp_path):
    relation = {key: OPENNRE[key] for key in ("relation", "h", "t")}
    rows = [{"ID": "A1", "text": ADA, "spo_list": [relation] * 2}, {"text": "x", "spo_list": []}]
    examples = read(tmp_path, *rows)
    assert words(examples) == [("Ada", "wrote", "Tin")] * 2 and len(examples) == 2
    with pytest.raises(InputError, match=r"a\.json:2: .*Received: h and t\. Pass --format opennre"):
        read(tmp_path, *reversed(rows))


def test_docred_annotates_the_first_mention(tmp_path):
    row = deepcopy(OBJECTS["docred"][0])
    row["sents"] = [["Tin", "sold", "."], *row["sents"]]
    row["vertexSet"][0][0]["sent_id"] = 1
    row["vertexSet"][1][0]["sent_id"] = 1
    row["vertexSet"][1].append({"name": "Tin", "pos": [0, 1], "sent_id": 0, "type": "Book"})
    [example] = read(tmp_path, [row], dump=lambda rows: json.dumps(rows, indent=1))
    assert example.text == f"Tin sold . {ADA}"
    assert (example.triples[0].object.start, example.triples[0].subject.start) == (0, 11)
    assert example.unlinked == (Span("Tin", 21, 24, "Book"),)


def test_tplinker_without_offsets_and_types(tmp_path):
    row = {"text": ADA, "relation_list": [{"subject": "Ada", "object": "Tin", "predicate": "p"}]}
    [example] = read(tmp_path, row)
    assert words([example]) == [("Ada", "p", "Tin")]
    assert example.triples[0].subject.start is None
    entities = [{"text": word, "type": "DEFAULT"} for word in ("Ada", "wrote")]
    [example] = read(tmp_path, row | {"entity_list": entities})
    assert example.unlinked == (Span("wrote"),)
    [example] = read(tmp_path, row | {"entity_list": [{"text": "Tin", "char_span": [10, 13]}]})
    assert example.unlinked == ()


def test_tplinker_with_wrong_offsets_of_entities_keeps_the_relations(tmp_path):
    """One project repeats the first entity's `char_span`; its type must not become another's."""
    row = deepcopy(OBJECTS["tplinker"][0])
    row["entity_list"][1]["char_span"] = [0, 3]
    row["entity_list"].append({"text": "wrote", "type": "DEFAULT", "char_span": [0, 3]})
    [example] = read(tmp_path, row)
    assert example.triples == (Triple(Span("Ada", 0, 3, "Person"), "wrote", Span("Tin", 10, 13)),)
    assert example.unlinked == (Span("wrote"),)


def test_brat_sets_relations_of_entities_in_pieces_aside(tmp_path):
    folder = write_sample(tmp_path, "brat")
    more = "T3\tBook 0 3;10 13\tAda Tin\nR2\tcalled Arg1:T1 Arg2:T3\nE1\tSell:T1\n"
    (folder / "a.ann").write_text(STANDOFF + more)
    errors = []
    first, _ = read_examples(TextInput(folder, set_aside=errors.append))
    assert words([first]) == [("Ada", "wrote", "Tin")]
    assert str(errors[0]).startswith(f"{folder / 'a.ann'}:6: expected entities that are contiguous")
    with pytest.raises(InputError, match="R2 with T3, in several pieces"):
        read_examples(folder)


def test_brat_reads_one_file_and_names_what_is_missing(tmp_path):
    folder = write_sample(tmp_path, "brat")
    assert words(read_examples(folder / "a.ann")) == [("Ada", "wrote", "Tin")]
    (folder / "a.txt").unlink()
    with pytest.raises(InputError, match=r"a\.ann:1: expected the text next to.*no file a\.txt"):
        read_examples(folder)
    for line, message in (
        ("T9 Person", "expected an entity"),
        ("R9\twrote Arg1:T1", "expected a relation"),
        ("R9\twrote Arg1:T1 Arg2:T7", "Received: 'T7', but no entity has this id"),
        ("T1\tPerson 0 3\tAda", "Received: 'T1' twice"),
    ):
        (folder / "a.txt").write_text(ADA)
        (folder / "a.ann").write_text(f"{STANDOFF}{line}\n")
        with pytest.raises(InputError, match=message):
            read_examples(folder)


def test_a_folder_without_annotation_is_no_input(tmp_path):
    with pytest.raises(InputError, match="which is a folder"):
        read_examples(tmp_path)


def test_a_damaged_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(InputError, match=r"a\.xlsx: expected an Excel workbook"):
        list(read_texts(path))


def test_a_workbook_is_known_without_its_suffix(tmp_path):
    path = write_sample(tmp_path, "excel").rename(tmp_path / "sheet")
    assert TextInput(path).format == "excel" and len(read_examples(path)) == 2


def test_duie_2_and_cmeie_are_read_as_they_are(tmp_path):
    relation = {
        **{"Combined": True, "predicate": "临床表现", "subject": "肺炎", "subject_type": "疾病"},
        **{"object": {"@value": "咳嗽"}, "object_type": {"@value": "症状"}},
    }
    [example] = read(tmp_path, {"text": "肺炎有咳嗽", "spo_list": [relation]})
    [triple] = example.triples
    assert triple.words == ("肺炎", "临床表现", "咳嗽")
    assert (triple.subject.type, triple.object.type) == ("疾病", "症状")

"""Each output format, read back by the program it is for, or according to its specification."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS

from gplinker_tf import Extraction, InputError, Mention, Span, Triple
from gplinker_tf.data import (
    OUTPUT_FORMATS,
    OutputFormat,
    OutputOptions,
    TextInput,
    extraction_to_json,
    read_examples,
    read_texts,
    register_output_format,
)

TEXT = '《喜剧之王》由"周星驰"主演,\n也由周星驰 100% 导演'


def span(word, start=0, type_=""):
    start = TEXT.index(word, start)
    return Span(word, start, start + len(word), type_)


FILM, ACTOR = span("喜剧之王", type_="影视/作品"), span("周星驰", type_="人物")
AGAIN = span("周星驰", 15, "人物")
FOUND = Extraction(
    TEXT,
    (
        Triple(
            *(FILM, "主演", ACTOR, 21.123456),
            (Mention(FILM, ACTOR, 21.123456), Mention(FILM, AGAIN, 9.5)),
        ),
        Triple(AGAIN, "a:b; c%", span("100% 导演"), -0.25),
    ),
    truncated=True,
)
NOTHING = Extraction("Nobody knows.")
EXTRACTIONS = (FOUND, NOTHING, FOUND)


def written(name, extractions=EXTRACTIONS, **options):
    """Return the content of each file of an output."""
    output = OUTPUT_FORMATS[name](OutputOptions(**options))
    parts = [output.head(), *map(output.parts, extractions), output.tail()]
    return ["".join(part) for part in zip(*parts, strict=True)]


def test_json_lines_are_read_with_spans_types_and_scores(tmp_path):
    [content] = written("jsonl")
    path = tmp_path / "found.jsonl"
    path.write_text(content, "utf-8")
    examples = read_examples(path)
    assert [example.text for example in examples] == [TEXT, NOTHING.text, TEXT]
    assert examples[0].triples == tuple(
        Triple(triple.subject, triple.predicate, triple.object, round(triple.score, 4))
        for triple in FOUND.triples
    )
    first = json.loads(content.splitlines()[0])
    assert content.splitlines()[0] == extraction_to_json(FOUND) and first["truncated"] is True
    assert first["spo_list"][0]["subject_type"] == "影视/作品"
    assert "object_type" not in first["spo_list"][1] and "mentions" not in first["spo_list"][1]
    assert first["spo_list"][0]["mentions"] == [
        {"subject_span": [1, 5], "object_span": [8, 11], "score": 21.1235},
        {"subject_span": [1, 5], "object_span": [AGAIN.start, AGAIN.end], "score": 9.5},
    ]


def test_entities_are_all_spans_with_their_types():
    [content] = written("entities")
    first, second, _ = map(json.loads, content.splitlines())
    places = [(FILM, "影视/作品"), (ACTOR, "人物"), (AGAIN, "人物"), (span("100% 导演"), None)]
    assert first == {
        "text": TEXT,
        "entities": [
            {"text": s.text, **({"type": t} if t else {}), "start": s.start, "end": s.end}
            for s, t in places
        ],
    }
    assert second == {"text": NOTHING.text, "entities": []}


def test_csv_is_read_as_a_table(tmp_path):
    [content] = written("csv", (FOUND, NOTHING))
    path = tmp_path / "found.csv"
    path.write_text(content, "utf-8")
    examples = read_examples(path)
    assert [example.text for example in examples] == [TEXT, NOTHING.text]
    assert examples[0].triples == tuple(
        Triple(triple.subject, triple.predicate, triple.object) for triple in FOUND.triples
    )
    assert list(read_texts(path)) == [TEXT, NOTHING.text]
    rows = list(csv.DictReader(io.StringIO(content)))
    for row, triple in zip(rows, FOUND.triples, strict=False):
        for role in ("subject", "object"):
            start, end = int(row[f"{role}_start"]), int(row[f"{role}_end"])
            assert row["text"][start:end] == row[role]
            assert row[f"{role}_type"] == getattr(triple, role).type
        assert float(row["score"]) == round(triple.score, 4)
    assert set(rows[2].values()) == {NOTHING.text, ""}


def test_probabilities_are_written_beside_scores():
    first, second = FOUND.triples
    sure = replace(first, probability=0.98765432), replace(second, probability=0.25)
    tuned = [replace(FOUND, triples=sure)]
    for name, column in (("csv", "probability"), ("neo4j-csv", "probability:float")):
        for extractions, expected in ((tuned, ["0.9877", "0.25"]), ([FOUND], ["", ""])):
            rows = csv.DictReader(io.StringIO(written(name, extractions)[-1]))
            assert [row[column] for row in rows] == expected
    [line] = map(json.loads, written("jsonl", tuned)[0].splitlines())
    assert [triple["probability"] for triple in line["spo_list"]] == [0.9877, 0.25]
    [task] = json.loads(written("label-studio", tuned)[0])
    assert task["predictions"][0]["score"] == 0.25


def test_label_studio_gets_tasks_with_predictions():
    [content] = written("label-studio", model_version="lic2019")
    tasks = json.loads(content)
    assert [task["data"]["text"] for task in tasks] == [TEXT, NOTHING.text, TEXT]
    assert content.count("\n") == len(tasks) + 2
    [prediction] = tasks[0]["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("lic2019", -0.25)
    regions = {item["id"]: item["value"] for item in prediction["result"] if "id" in item}
    assert [value["labels"] for value in regions.values()] == [
        *(["影视/作品"], ["人物"], ["人物"], ["entity"]),
    ]
    for value in regions.values():
        assert TEXT[value["start"] : value["end"]] == value["text"]
    relations = [
        (regions[item["from_id"]]["start"], item["labels"], regions[item["to_id"]]["start"])
        for item in prediction["result"]
        if item["type"] == "relation"
    ]
    assert relations == [
        (1, ["主演"], 8),
        (1, ["主演"], AGAIN.start),
        (AGAIN.start, ["a:b; c%"], TEXT.index("100")),
    ]
    [nothing] = tasks[1]["predictions"]
    assert nothing == {"model_version": "lic2019", "result": []}
    assert json.loads(written("label-studio", ())[0]) == []


def test_doccano_gets_entities_and_relations():
    [content] = written("doccano")
    rows = [json.loads(line) for line in content.splitlines()]
    assert [row["text"] for row in rows] == [TEXT, NOTHING.text, TEXT]
    entities = {entity["id"]: entity for entity in rows[0]["entities"]}
    words = [TEXT[e["start_offset"] : e["end_offset"]] for e in entities.values()]
    assert words == ["喜剧之王", "周星驰", "周星驰", "100% 导演"]
    assert [entity["label"] for entity in entities.values()] == [
        *("影视/作品", "人物", "人物", "entity"),
    ]
    assert [
        (entities[r["from_id"]]["start_offset"], r["type"], entities[r["to_id"]]["start_offset"])
        for r in rows[0]["relations"]
    ] == [(1, "主演", 8), (1, "主演", AGAIN.start), (AGAIN.start, "a:b; c%", TEXT.index("100"))]
    assert rows[1] == {"text": NOTHING.text, "entities": [], "relations": []}


@pytest.mark.parametrize(("name", "file"), [("label-studio", "a.json"), ("doccano", "a.jsonl")])
def test_annotation_programs_files_are_read_back(tmp_path, name, file):
    path = tmp_path / file
    path.write_text(written(name)[0], "utf-8")
    assert TextInput(path).format == name
    assert list(read_texts(path)) == [TEXT, NOTHING.text, TEXT]
    example, nothing, _ = read_examples(path)
    places = [
        Triple(mention.subject, triple.predicate, mention.object)
        for triple in FOUND.triples
        for mention in triple.mentions or [triple]
    ]
    assert example.triples == tuple(places) and nothing.triples == ()


def test_spacy_reads_documents_with_relations(tmp_path):
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    output = OUTPUT_FORMATS["spacy"]()
    assert [output.parts(extraction) for extraction in EXTRACTIONS] == [(b"",)] * 3
    path = tmp_path / "found.spacy"
    path.write_bytes(output.tail()[0])
    examples = read_examples(path)
    assert [example.text for example in examples] == [TEXT, NOTHING.text, TEXT]
    assert [replace(t, mentions=()) for t in FOUND.triples] == list(examples[0].triples)
    first, nothing, _ = DocBin().from_disk(path).get_docs(Vocab())
    starts = {entity.text: entity.start for entity in first.ents}
    assert list(starts) == ["喜剧之王", "周星驰", "100% 导演"] and not nothing.ents
    film, *actors, work = (entity.start for entity in first.ents)
    assert first.user_data["._.", "rel", None, None] == {
        **{(film, actor): {"主演": 1.0} for actor in actors},
        (actors[-1], work): {"a:b; c%": 1.0},
    }


def test_spacy_gets_the_probabilities_of_a_tuned_run():
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    first, second = FOUND.triples
    output = OUTPUT_FORMATS["spacy"]()
    sure = replace(first, probability=0.9), replace(second, probability=0.25)
    output.parts(replace(FOUND, triples=sure))
    [document] = DocBin().from_bytes(output.tail()[0]).get_docs(Vocab())
    labels = document.user_data["._.", "rel", None, None].values()
    assert list(labels) == [{"主演": 0.9}, {"主演": 0.9}, {"a:b; c%": 0.25}]


def test_ntriples_are_a_graph():
    base = "https://films.example/"
    [content] = written("ntriples", base_iri=base)
    assert content.isascii() is False and re.fullmatch(r"(<[!-~]+> .* \.\n)+", content)
    graph = rdflib.Graph().parse(data=content, format="nt")
    labels = {node: str(label) for node, label in graph.subject_objects(RDFS.label)}
    stated = {
        tuple(labels[node] for node in statement)
        for statement in graph
        if statement[1] not in (RDFS.label, RDF.type)
    }
    assert stated == {triple.words for triple in FOUND.triples}
    types = {(labels[node], labels[type_]) for node, type_ in graph.subject_objects(RDF.type)}
    assert types == {("喜剧之王", "影视/作品"), ("周星驰", "人物")}
    assert all(str(node).startswith(base) and str(node).isascii() for node in labels)


@pytest.mark.parametrize("word", ['a "b" \\c', "two\nlines\rand\ttab", "<&> {x}|^`", "é\u2028😀"])
def test_any_word_is_a_label(word):
    triple = Triple(Span(word), word, Span(word))
    [content] = written("ntriples", [Extraction(word, (triple,))])
    graph = rdflib.Graph().parse(data=content, format="nt")
    assert {str(label) for label in graph.objects(None, RDFS.label)} == {word}


@pytest.mark.parametrize("base", ["example.org/", "http://a b/", "http://a", "", "ü:/", "http:<>/"])
def test_a_base_that_makes_no_iris(base):
    with pytest.raises(InputError, match=r"Received: base_iri=.*\. (Use|Names) "):
        OutputOptions(base_iri=base)


def test_neo4j_gets_nodes_and_relationships():
    nodes, relationships = (
        list(csv.DictReader(io.StringIO(content))) for content in written("neo4j-csv")
    )
    ids = [node["id:ID"] for node in nodes]
    assert len(set(ids)) == len(ids) == 3
    assert {(node["name"], node[":LABEL"]) for node in nodes} == {
        *(("喜剧之王", "Entity;影视/作品"), ("周星驰", "Entity;人物"), ("100% 导演", "Entity")),
    }
    names = {node["id:ID"]: node["name"] for node in nodes}
    assert [
        (names[row[":START_ID"]], row[":TYPE"], names[row[":END_ID"]]) for row in relationships
    ] == 2 * [triple.words for triple in FOUND.triples]
    row = relationships[0]
    assert (row["score:float"], row["text"]) == ("21.1235", TEXT)
    assert TEXT[int(row["object_start:int"]) : int(row["object_end:int"])] == "周星驰"


def test_nodes_of_other_types_are_others():
    triple = Triple(Span("b:c", type="a"), "p", Span("c", type="a:b"))
    nodes, _ = written("neo4j-csv", [Extraction("a", (triple,))])
    assert len(nodes.splitlines()) == 3


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_format_says_what_it_is(name):
    output = OUTPUT_FORMATS[name]()
    assert output.name == name and output.title
    assert len(output.head()) == len(output.parts(NOTHING)) == len(output.tail())


def test_a_name_is_one_format_s():
    class Other(OutputFormat):
        name, title = "csv", "another table"

        def parts(self, extraction):
            return ("",)

    with pytest.raises(ValueError, match="Received: 'csv', which CsvOutput already has"):
        register_output_format(Other)

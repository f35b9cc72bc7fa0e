"""A small file in each format: made-up texts, in the form that the programs write.

The second text has no triples, but an entity if the format supports entities without triples.
"""

import json
from copy import deepcopy

from gplinker_tf import Span

ADA, RAIN = "Ada wrote Tin", "它下雨了"
TRIPLE, TYPES = ("Ada", "wrote", "Tin"), ("Person", "Book")
ALONE = Span("雨", 2, 3, "Weather")

LIC2019 = {
    "text": ADA,
    "spo_list": [
        {
            **{"subject": "Ada", "predicate": "wrote", "object": "Tin"},
            **{"subject_type": "Person", "object_type": "Book"},
            **{"subject_span": [0, 3], "object_span": [10, 13]},
        }
    ],
}
TOKENS = {"text": ADA.split(), "rain": list(RAIN)}

#: By format: an annotated object, one without triples, and the path of a fault with its value.
OBJECTS = {
    "jsonl": (
        LIC2019,
        {
            "text": RAIN,
            "spo_list": [],
            "unlinked": [{"text": "雨", "type": "Weather", "start": 2, "end": 3}],
        },
        ("spo_list", 0, "subject_span", [1, 4]),
    ),
    "label-studio": (
        {
            "id": 1,
            "data": {"text": ADA},
            "annotations": [
                {"id": 4, "was_cancelled": True, "result": []},
                {
                    "id": 5,
                    "was_cancelled": False,
                    "result": [
                        {
                            **{"id": "a1", "from_name": "label", "to_name": "text"},
                            "type": "labels",
                            "value": {"start": 0, "end": 3, "text": "Ada", "labels": ["Person"]},
                        },
                        {
                            **{"id": "b2", "from_name": "label", "to_name": "text"},
                            "type": "labels",
                            "value": {"start": 10, "end": 13, "text": "Tin", "labels": ["Book"]},
                        },
                        {
                            **{"from_id": "b2", "to_id": "a1", "type": "relation"},
                            **{"direction": "left", "labels": ["wrote"]},
                        },
                        {"id": "c3", "type": "choices", "value": {"choices": ["good"]}},
                    ],
                },
            ],
        },
        {
            "id": 2,
            "data": {"text": RAIN},
            "annotations": [
                {
                    "result": [
                        {
                            **{"id": "d4", "from_name": "label", "to_name": "text"},
                            "type": "labels",
                            "value": {"start": 2, "end": 3, "text": "雨", "labels": ["Weather"]},
                        },
                    ]
                }
            ],
        },
        ("annotations", 1, "result", 2, "from_id", "zz"),
    ),
    "doccano": (
        {
            "id": 1,
            "text": ADA,
            "entities": [
                {"id": 7, "label": "Person", "start_offset": 0, "end_offset": 3},
                {"id": 8, "label": "Book", "start_offset": 10, "end_offset": 13},
            ],
            "relations": [{"id": 1, "from_id": 7, "to_id": 8, "type": "wrote"}],
        },
        {
            "id": 2,
            "text": RAIN,
            "entities": [{"id": 9, "label": "Weather", "start_offset": 2, "end_offset": 3}],
            "relations": [],
        },
        ("relations", 0, "to_id", 9),
    ),
    "triple-list": (
        {"text": ADA, "triple_list": [list(TRIPLE)]},
        {"text": RAIN, "triple_list": []},
        ("triple_list", 0, ["Ada", "wrote"]),
    ),
    "tplinker": (
        {
            "id": "train_0",
            "text": ADA,
            "relation_list": [
                {
                    **{"subject": "Ada", "object": "Tin", "predicate": "wrote"},
                    **{"subj_char_span": [0, 3], "obj_char_span": [10, 13]},
                }
            ],
            "entity_list": [
                {"text": "Ada", "type": "Person", "char_span": [0, 3]},
                {"text": "Tin", "type": "Book", "char_span": [10, 13]},
            ],
        },
        {
            "id": "train_1",
            "text": RAIN,
            "relation_list": [],
            "entity_list": [{"text": "雨", "type": "Weather", "char_span": [2, 3]}],
        },
        ("relation_list", 0, "obj_char_span", [9, 13]),
    ),
    "opennre": (
        {
            "text": ADA,
            "relation": "wrote",
            "h": {"id": "Q1", "name": "Ada", "pos": [0, 3], "type": "Person"},
            "t": {"id": "Q2", "name": "Tin", "pos": [10, 13], "type": "Book"},
        },
        {
            "text": RAIN,
            "relation": "NA",
            "h": {"id": "Q4", "name": "雨", "pos": [2, 3], "type": "Weather"},
            "t": {"id": "Q4", "name": "雨", "pos": [2, 3], "type": "Weather"},
        },
        ("h", "pos", [0, 2]),
    ),
    "docred": (
        {
            "title": "Tin",
            "sents": [TOKENS["text"]],
            "vertexSet": [
                [{"name": "Ada", "pos": [0, 1], "sent_id": 0, "type": "Person"}],
                [{"name": "Tin", "pos": [2, 3], "sent_id": 0, "type": "Book"}],
            ],
            "labels": [{"r": "wrote", "h": 0, "t": 1, "evidence": [0]}],
        },
        {
            "title": "Rain",
            "sents": [TOKENS["rain"]],
            "vertexSet": [[{"name": "雨", "pos": [2, 3], "sent_id": 0, "type": "Weather"}]],
            "labels": [],
        },
        ("labels", 0, "t", 2),
    ),
    "spert": (
        {
            "tokens": TOKENS["text"],
            "entities": [
                {"type": "Person", "start": 0, "end": 1},
                {"type": "Book", "start": 2, "end": 3},
            ],
            "relations": [{"type": "wrote", "head": 0, "tail": 1}],
            "orig_id": 1,
        },
        {
            "tokens": TOKENS["rain"],
            "entities": [{"type": "Weather", "start": 2, "end": 3}],
            "relations": [],
        },
        ("entities", 1, "end", 4),
    ),
    "scierc": (
        {
            "doc_key": "a",
            "sentences": [TOKENS["text"][:2], TOKENS["text"][2:]],
            "ner": [[[0, 0, "Person"]], [[2, 2, "Book"]]],
            "relations": [[[0, 0, 2, 2, "wrote"]], []],
        },
        {
            "doc_key": "b",
            "sentences": [TOKENS["rain"]],
            "ner": [[[2, 2, "Weather"]]],
            "relations": [[]],
        },
        ("relations", 0, 0, [0, 0, 2, 3, "wrote"]),
    ),
}
OBJECTS["json"] = OBJECTS["jsonl"]

HEADER = (
    *("text", "subject", "predicate", "object", "subject_type", "object_type"),
    *("subject_start", "subject_end", "object_start", "object_end"),
)
ROW = (ADA, *TRIPLE, *TYPES, 0, 3, 10, 13)
EMPTY = (RAIN, *[""] * (len(HEADER) - 1))
BAD_ROW = (ADA, *TRIPLE, *TYPES, 1, 3, 10, 13)

STANDOFF = "T1\tPerson 0 3\tAda\nT2\tBook 10 13\tTin\nR1\twrote Arg1:T1 Arg2:T2\n#1\tNote T1\tok\n"


def write_sample(folder, name, bad=False):
    """Write two texts in a format, with a bad one between them on request; return the path."""
    if name in OBJECTS:
        return _objects(folder / "sample.json", name, bad)
    if name == "brat":
        return _brat(folder / "brat", bad)
    if name == "spacy":
        return _docbin(folder / "sample.spacy", bad)
    rows = [HEADER, ROW, *[BAD_ROW] * bad, EMPTY]
    if name == "excel":
        return _workbook(folder / "sample.xlsx", rows)
    separator = {"csv": ",", "tsv": "\t"}[name]
    path = folder / f"sample.{name}"
    path.write_text("".join(separator.join(map(str, row)) + "\n" for row in rows), "utf-8")
    return path


def bad_object(name):
    """Return the annotated object of a format, with a fault in it."""
    row, _, (*where, last, value) = OBJECTS[name]
    damaged = row = deepcopy(row)
    for key in where:
        damaged = damaged[key]
    damaged[last] = value
    return row


def _objects(path, name, bad):
    good, empty, _ = OBJECTS[name]
    rows = [good, *[bad_object(name)] * bad, empty]
    if name in ("json", "label-studio", "docred", "spert"):
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    else:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


def _brat(folder, bad):
    folder.mkdir()
    documents = {"a": (ADA, STANDOFF), "c": (RAIN, "T1\tWeather 2 3\t雨\n")}
    if bad:
        documents["b"] = (ADA, STANDOFF.replace("0 3", "1 4"))
    for stem, (text, standoff) in documents.items():
        (folder / f"{stem}.txt").write_text(text, "utf-8")
        (folder / f"{stem}.ann").write_text(standoff, "utf-8")
    return folder


def _workbook(path, rows):
    import openpyxl

    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append([None if cell == "" else cell for cell in row])
    workbook.save(path)
    return path


def _docbin(path, bad):
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as Entity
    from spacy.vocab import Vocab

    vocab, documents = Vocab(), DocBin(store_user_data=True)
    Doc.set_extension("rel", default={}, force=True)
    for words, relations in (
        (TOKENS["text"], {(0, 2): {"wrote": 1.0, "sold": 0.1}, (2, 0): {"wrote": 0.0}}),
        *[(TOKENS["text"], {(0, 2): "wrote"})] * bad,
        (TOKENS["rain"], {}),
    ):
        document = Doc(vocab, words, spaces=[words[0] == "Ada" and word != "Tin" for word in words])
        entities = zip((0, 2), TYPES, strict=True) if relations else [(2, ALONE.type)]
        document.ents = [Entity(document, at, at + 1, type_) for at, type_ in entities]
        document._.rel = relations
        documents.add(document)
    documents.to_disk(path)
    return path

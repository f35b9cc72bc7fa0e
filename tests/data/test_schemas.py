"""Schemas: from three kinds of files and from the data, both with DuIE 2.0's slots."""

import json

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import read_examples, read_schema, schema_from_data

DUIE_SCHEMA = [
    {"object_type": {"@value": "人物"}, "predicate": "作者", "subject_type": "图书作品"},
    {
        "object_type": {"inWork": "作品", "onDate": "Date", "@value": "奖项", "period": "Number"},
        "predicate": "获奖",
        "subject_type": "娱乐人物",
    },
]
DUIE_LINE = {
    "text": "王雪纯为87版《红楼梦》的晴雯配音",
    "spo_list": [
        {
            "predicate": "配音",
            "subject": "王雪纯",
            "subject_type": "娱乐人物",
            "object": {"inWork": "红楼梦", "@value": "晴雯", "onDate": ""},
            "object_type": {"inWork": "影视作品", "@value": "人物", "onDate": "Date"},
        }
    ],
}


def lines(folder, name, *rows):
    path = folder / name
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text(text + "\n", "utf-8")
    return path


def test_a_plain_list_of_names(tmp_path):
    path = lines(tmp_path, "schema.txt", "born in", "", " /people/person/place_of_birth ", "主演")
    schema = read_schema(path)
    assert schema.predicates == ("born in", "/people/person/place_of_birth", "主演")
    assert schema.rows[0] == ("", "born in", "")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["主演", {"predicate": "导演"}], r":2: .*one name or one JSON object per line"),
        (["["], r":1: expected the name of a predicate"),
        ([{"predicate": "导演"}, "主演"], r":2: expected a JSON object"),
        ([], "Received: no lines"),
    ],
)
def test_a_bad_schema_is_named(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        read_schema(lines(tmp_path, "schema", *rows))


def test_duie_2_slots_are_predicates_of_their_own(tmp_path):
    schema = read_schema(lines(tmp_path, "schema.json", *DUIE_SCHEMA))
    assert schema.rows == (
        ("图书作品", "作者", "人物"),
        ("娱乐人物", "获奖", "奖项"),
        ("娱乐人物", "获奖_inWork", "作品"),
        ("娱乐人物", "获奖_onDate", "Date"),
        ("娱乐人物", "获奖_period", "Number"),
    )
    path = lines(tmp_path, "train.json", DUIE_LINE)
    [example] = read_examples(path)
    assert [triple.words for triple in example.triples] == [
        ("王雪纯", "配音", "晴雯"),
        ("王雪纯", "配音_inWork", "红楼梦"),
    ]
    assert schema_from_data([path]).rows == (
        ("娱乐人物", "配音", "人物"),
        ("娱乐人物", "配音_inWork", "影视作品"),
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"inWork": "红楼梦"}, "string under '@value'. Received: none"),
        ({"@value": "晴雯", "inWork": 7}, "string under 'inWork'. Received: 7"),
    ],
)
def test_slots_that_are_no_text(tmp_path, value, message):
    row = DUIE_LINE | {"spo_list": [DUIE_LINE["spo_list"][0] | {"object": value}]}
    with pytest.raises(InputError, match=rf"train\.json:2: .*{message}"):
        read_examples(lines(tmp_path, "train.json", DUIE_LINE, row))


def test_the_datas_own_predicates_in_the_order_they_come(tmp_path):
    train = lines(
        tmp_path,
        "train.csv",
        "text,subject,predicate,object,subject_type,object_type",
        "Ada wrote Tin,Ada,wrote,Tin,,",
        "Bo knows Cy,Bo,knows,Cy,person,person",
        "Bo wrote Salt,Bo,wrote,Salt,person,book",
        "Bo wrote news,Bo,wrote,news,person,text",
    )
    dev = lines(tmp_path, "dev.csv", "text,subject,predicate,object", "Di met Ed,Di,met,Ed")
    told = []
    schema = schema_from_data([train, dev], told.append)
    assert told == ["Predicates in the data (3): wrote (3), knows (1), met (1)"]
    assert schema.predicates == ("wrote", "knows", "met")
    assert schema.rows == (
        ("person", "wrote", "book"),
        ("person", "wrote", "text"),
        ("person", "knows", "person"),
        ("", "met", ""),
    )


def test_the_samples_own_predicates_are_its_schema(sample):
    named = read_schema(sample / "all_50_schemas")
    found = schema_from_data([sample / "train_data.json", sample / "dev_data.json"])
    assert set(found.rows) == set(named.rows)


def test_types_that_are_null_are_none(tmp_path):
    types = {"subject_type": None, "object_type": None}
    path = lines(tmp_path, "schema.json", types | {"predicate": "p"})
    assert read_schema(path).rows == (("", "p", ""),)
    spo = types | {"subject": "a", "predicate": "p", "object": "b"}
    path = lines(tmp_path, "train.json", {"text": "a b", "spo_list": [spo]})
    assert schema_from_data([path]).rows == (("", "p", ""),)


def test_data_without_a_triple_has_no_schema(tmp_path):
    path = lines(tmp_path, "train.json", {"text": "北京", "spo_list": []})
    with pytest.raises(InputError, match=r"Expected triples.*train\.json, which have none"):
        schema_from_data([path])

"""Small made-up files in the formats of the data sets that the scripts read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

RECORDS = 8
PEOPLE, PLACES = ("李明", "王芳", "张伟", "刘洋"), ("北京", "上海", "杭州", "成都")
PREDICATE = "出生地"

#: One record each: a person, a place and a text about them.
FACTS = [
    (person, place, f"{person}，{1960 + number}年出生于{place}，是一位作家。")
    for number in range(RECORDS)
    for person, place in [(PEOPLE[number % 4], PLACES[number // 4 % 4])]
]


def _lines(records: Iterable[Any]) -> str:
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def _columns(*columns: Iterable[Any]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


def _triples() -> str:
    return _lines(
        {
            "text": text,
            "spo_list": [
                {
                    "subject": person,
                    "predicate": PREDICATE,
                    "object": place,
                    "subject_type": "人物",
                    "object_type": "地点",
                }
            ],
        }
        for person, place, text in FACTS
    )


def _schema() -> str:
    return _lines([{"subject_type": "人物", "predicate": PREDICATE, "object_type": "地点"}])


def _places(person: str, place: str, text: str) -> dict[str, Any]:
    """Return a triple with the offsets of its words, as in the BDCI data set."""
    ends = {
        key: {"name": word, "pos": [text.index(word), text.index(word) + len(word)]}
        for key, word in (("h", person), ("t", place))
    }
    return {**ends, "relation": PREDICATE}


def _questions() -> str:
    return json.dumps(
        [
            {
                "question": f"{person}出生于哪里？",
                "passages": [{"passage": text, "answer": place}, {"passage": text, "answer": ""}],
            }
            for person, place, text in FACTS
        ],
        ensure_ascii=False,
    )


def _equations() -> str:
    return _lines(
        {
            "original_text": f"{n}个苹果加{n}个苹果是多少",
            "equation": f"x={n}+{n}",
            "ans": f"{2 * n}",
        }
        for n in range(1, RECORDS)
    )


def _characters() -> str:
    """Return people and places tagged by character, one character per line."""
    texts = []
    for person, place, text in FACTS:
        tags = ["O"] * len(text)
        for word, kind in ((person, "PER"), (place, "LOC")):
            start = text.index(word)
            tags[start : start + 2] = [f"B-{kind}", f"I-{kind}"]
        texts.append("\n".join(f"{c} {tag}" for c, tag in zip(text, tags, strict=True)))
    return "\n\n".join(texts)


def _events() -> str:
    return _lines(
        {
            "title": "简介",
            "text": text,
            "event_list": [
                {
                    "event_type": "出生",
                    "trigger": "出生",
                    "trigger_start_index": text.index("出生"),
                    "arguments": [
                        {"role": role, "argument": word, "argument_start_index": text.index(word)}
                        for role, word in (("人物", person), ("地点", place))
                    ],
                }
            ],
        }
        for person, place, text in FACTS
    )


def _event_schema() -> str:
    return _lines([{"event_type": "出生", "role_list": [{"role": "人物"}, {"role": "地点"}]}])


def _cluener() -> str:
    def label(word: str, text: str) -> dict[str, list[list[int]]]:
        start = text.index(word)
        return {word: [[start, start + len(word) - 1]]}

    return _lines(
        {"text": text, "label": {"name": label(person, text), "address": label(place, text)}}
        for person, place, text in FACTS
    )


def _cmeee() -> str:
    return json.dumps(
        [
            {
                "text": text,
                "entities": [
                    {"start_idx": start, "end_idx": start + 1, "type": kind}
                    for word, kind in ((person, "bod"), (place, "dis"))
                    for start in [text.index(word)]
                ],
            }
            for person, place, text in FACTS
        ],
        ensure_ascii=False,
    )


PERSONS, PLACE_NAMES, TEXTS = zip(*FACTS, strict=True)
HALVES = [number % 2 for number in range(RECORDS)]

#: The content of a file by a pattern of its path.
DATA: dict[str, Callable[[], str]] = {
    r"iflytek/\w+\.json$": lambda: _lines(
        {"sentence": text, "label": str(half)} for text, half in zip(TEXTS, HALVES, strict=True)
    ),
    r"sentiment\.\w+\.data$|data/(train|dev|test)\.txt$": lambda: _columns(TEXTS, HALVES),
    r"lcqmc\.\w+\.data$": lambda: _columns(TEXTS, TEXTS[::-1], HALVES),
    r"(train|dev|val)_data(_demo)?\.json$": _triples,
    r"schemas(\.json|\.txt)?$": _schema,
    r"train_(concat|maybeEval)\.json$": lambda: _lines(
        {"ID": number, "text": fact[2], "spo_list": [_places(*fact)]}
        for number, fact in enumerate(FACTS)
    ),
    r"new_train_bdci\.json$": lambda: _lines({"text": fact[2], **_places(*fact)} for fact in FACTS),
    r"THUCNews/": lambda: f"{PERSONS[0]}简介\n{TEXTS[0]}",
    r"金庸/": lambda: "  ".join(TEXTS),
    r"csl/\w+\.tsv$": lambda: _columns(PERSONS, TEXTS),
    r"\.ape\.json$": _equations,
    r"(WebQA|SogouQA)\.json$": _questions,
    r"pku_training\.utf8$": lambda: "".join(
        f"{person} 出生 于 {place} 。\n" for person, place, _ in FACTS
    ),
    r"ner-corpus/example\.\w+$": _characters,
    r"duee_(fin_)?(train|dev)\.json$": _events,
    r"duee_(fin_)?event_schema\.json$": _event_schema,
    r"cluener/\w+\.json$": _cluener,
    r"CMeEE_\w+\.json$": _cmeee,
    r"CoLA/test\.tsv$": lambda: "index\tsentence\n" + _columns(range(RECORDS), TEXTS),
    r"CoLA/\w+\.tsv$": lambda: _columns(range(RECORDS), HALVES, ["*"] * RECORDS, TEXTS),
}


def data_for(path: str) -> bytes | None:
    """Return the content of the file at a path, or `None` if it is not of a known data set."""
    for pattern, make in DATA.items():
        if re.search(pattern, path):
            return make().encode("gbk" if "金庸" in path else "utf-8")
    return None

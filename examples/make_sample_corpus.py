"""Write the sample corpus of `gplinker demo`: invented people, films, books, songs and companies.

    python examples/make_sample_corpus.py                # into gplinker_tf/data/sample
    python examples/make_sample_corpus.py --output DIR

It needs only the standard library and takes about a second. The bytes are the same on every
Python: random choices come only from `random.Random(seed).random()`, whose sequence Python
guarantees, and no order depends on a set.

A sentence is a template of `sample_corpus_words.py` whose slots are filled with composed names.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
from pathlib import Path

import sample_corpus_words as words

SEED = 20240131
TRAIN_LINES, DEV_LINES = 4000, 200
SAMPLE = Path(__file__).resolve().parents[1] / "gplinker_tf" / "data" / "sample"

TYPES = {
    "film": "影视作品",
    "book": "图书作品",
    "song": "歌曲",
    "company": "企业",
    "school": "学校",
    "person": "人物",
    "place": "地点",
    "date": "Date",
}
SCHEMA = (
    ("film", "导演", "person"),
    ("film", "主演", "person"),
    ("book", "作者", "person"),
    ("song", "歌手", "person"),
    ("company", "创始人", "person"),
    ("company", "总部地点", "place"),
    ("company", "成立日期", "date"),
    ("school", "成立日期", "date"),
    ("person", "毕业院校", "school"),
    ("person", "出生地", "place"),
    ("person", "妻子", "person"),
)

#: Slots that are filled with an outer name that contains an inner name.
NESTED = {
    "local_school": ("school", "place"),
    "local_company": ("company", "place"),
    "named_company": ("company", "person"),
    "memoir": ("book", "person"),
}

# --- Composition -------------------------------------------------------------------------------


class Chance:
    """A seeded source of random choices that uses only `random()`."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def below(self, bound: int) -> int:
        return int(self._random() * bound)

    def choose(self, options):
        return options[self.below(len(options))]

    def happens(self, probability: float) -> bool:
        return self._random() < probability


class Names:
    """Composes names; a quarter of all possible names is held out of the training texts.

    Args:
        chance: the source of random choices.
        held_out: compose names of the held-out quarter instead of the others.
        known: names drawn for the training texts, by kind; one name in five is taken from them.
    """

    def __init__(self, chance: Chance, held_out: bool = False, known: dict | None = None) -> None:
        self.chance, self.held_out, self.known = chance, held_out, known
        self.drawn = {kind: [] for kind in TYPES}

    def draw(self, kind: str) -> str:
        """Draw a name of one kind."""
        if self.known and self.chance.happens(0.2):
            return self.chance.choose(self.known[kind])
        while True:
            name = getattr(self, f"_{kind}")()
            if kind == "date" or self._is_ours(name):
                self.drawn[kind].append(name)
                return name

    def around(self, slot: str, inner: str) -> str | None:
        """Draw the outer name of a `NESTED` slot; `None` after ten names of the other half."""
        for _ in range(10):
            name = getattr(self, f"_{slot}")(inner)
            if self._is_ours(name):
                return name
        return None

    def _is_ours(self, name: str) -> bool:
        ours = (sum(map(ord, name)) % 4 == 0) == self.held_out
        return ours and name not in words.NEW_SENTENCES

    def _pair(self, first, second) -> str:
        return self.chance.choose(first) + self.chance.choose(second)

    def _person(self) -> str:
        if self.chance.happens(0.04):
            return (
                self._pair(words.FOREIGN, words.FOREIGN)
                + "·"
                + self._pair(words.FOREIGN, words.FOREIGN)
            )
        given = self.chance.choose(words.GIVEN)
        if self.chance.happens(0.9):
            given += self.chance.choose(words.GIVEN)
        return self.chance.choose(words.SURNAMES) + given

    def _place(self) -> str:
        before = self.chance.choose(words.PLACE_FIRST) if self.chance.happens(0.4) else ""
        return before + self._pair(words.PLACE_FIRST, words.PLACE_LAST)

    def _school(self) -> str:
        return self._local_school(self._place())

    def _local_school(self, place: str) -> str:
        return place + self.chance.choose(words.SCHOOLS)

    def _company(self) -> str:
        return self._local_company(self._place() if self.chance.happens(0.25) else "")

    def _local_company(self, place: str) -> str:
        latin = self.chance.happens(0.25)
        brand = (
            self._pair(words.LATIN, words.LATIN)
            if latin
            else self._pair(words.BRAND_FIRST, words.BRAND_LAST)
        )
        return place + brand + self._pair(words.INDUSTRIES, words.FORMS)

    def _named_company(self, person: str) -> str:
        return person + self.chance.choose(words.STUDIOS)

    def _title(self) -> str:
        form = self.chance.below(10)
        if form < 5:
            return self.chance.choose(words.MOODS) + "的" + self.chance.choose(words.THINGS)
        if form < 8:
            thing = self.chance.choose(words.THINGS)
            return thing + self.chance.choose([word for word in words.THINGS if word != thing])
        return self._place() + self.chance.choose(words.TITLE_TAILS)

    _film = _book = _song = _title

    def _memoir(self, person: str) -> str:
        return person + self.chance.choose(words.MEMOIRS)

    def _date(self) -> str:
        date = f"{1978 + self.chance.below(45)}年"
        if self.chance.happens(0.7):
            date += f"{1 + self.chance.below(12)}月"
            if self.chance.happens(0.5):
                date += f"{1 + self.chance.below(28)}日"
        return date


def lines_of(block: str) -> list[str]:
    """Return the lines of an indented block."""
    return [line.strip() for line in block.strip().splitlines()]


def facts_of(key: str) -> list[list[str]]:
    """Return subject slot, predicate and object slot of each fact in a key."""
    return [fact.split() for fact in key.split(", ")]


def kind_of(slot: str) -> str:
    """Return the kind of a slot: `person2` is a person."""
    return slot.rstrip(string.digits)


PATTERNS = [(line, key) for key, block in words.SENTENCES.items() for line in lines_of(block)]


def chain(chance: Chance) -> tuple[str, str]:
    """Compose a template of an opening and two or three clauses, and the key of its facts."""
    openings, clauses = chance.choose(list(words.CHAINS.items()))
    left, keys = list(clauses), []
    for _ in range(2 + chance.below(2)):
        keys.append(left.pop(chance.below(len(left))))
    texts = [chance.choose(clauses[key].split("|")) for key in keys]
    return chance.choose(openings.split("|")) + "，".join(texts), ", ".join(keys)


def fill(template: str, names: Names) -> tuple[str, dict[str, tuple[str, int]]] | None:
    """Return the text, and name and offset of each slot; `None` if names clash."""
    text, bound = "", {}
    for piece in re.split(r"(\{\w+\})", template):
        if not piece.startswith("{"):
            text += piece
            continue
        slot = piece[1:-1]
        if slot in NESTED:
            outer, inner = NESTED[slot]
            if inner not in bound:
                bound[inner] = (names.draw(inner), len(text))
            name = names.around(slot, bound[inner][0])
        else:
            outer, name = slot, names.draw(kind_of(slot))
        if not name or outer in bound or name in (other for other, _ in bound.values()):
            return None
        bound[outer] = (name, len(text))
        text += name
    return text, bound


def sentence(chance: Chance, names: Names) -> dict | None:
    """Compose one line of the corpus; `None` if a name first occurs at another offset."""
    template, key = chain(chance) if chance.happens(0.6) else chance.choose(PATTERNS)
    if chance.happens(0.12):
        template = chance.choose(lines_of(words.BEFORE)) + template
    if chance.happens(0.12):
        template += chance.choose(lines_of(words.AFTER))
    filled = fill(template + ("。" if chance.happens(0.85) else ""), names)
    if filled is None:
        return None
    text, bound = filled
    spo_list = []
    for subject, predicate, object_ in facts_of(key):
        if any(text.find(bound[slot][0]) != bound[slot][1] for slot in (subject, object_)):
            return None
        spo_list.append(
            {
                "subject": bound[subject][0],
                "predicate": predicate,
                "object": bound[object_][0],
                "subject_type": TYPES[kind_of(subject)],
                "object_type": TYPES[kind_of(object_)],
            }
        )
    return {"text": text, "spo_list": spo_list} if 15 <= len(text) <= 90 else None


def half(count: int, chance: Chance, names: Names) -> list[dict]:
    """Return the given number of different lines."""
    rows = {}
    while len(rows) < count:
        row = sentence(chance, names)
        if row:
            rows[row["text"]] = row
    return list(rows.values())


# --- Files -------------------------------------------------------------------------------------


def json_lines(rows: list[dict]) -> str:
    """Return one JSON object per line."""
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    )


def vocabulary(texts: list[str]) -> list[str]:
    """Return special tokens, all characters, and the forms that continue Latin words or numbers."""
    marks = "，。、：；？！（）“”《》·—…"
    latin = string.digits + string.ascii_letters
    characters = sorted(set("".join(texts) + latin + string.punctuation + marks))
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return special + characters + [f"##{character}" for character in latin]


def bert_config(vocabulary_size: int) -> dict:
    """Return the configuration of a BERT small enough to learn the corpus on a CPU."""
    return {
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 128,
        "initializer_range": 0.02,
        "intermediate_size": 256,
        "max_position_embeddings": 128,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "type_vocab_size": 2,
        "vocab_size": vocabulary_size,
    }


README = """\
# The sample corpus

Invented sentences about invented people, films, books, songs, companies and schools, for
`gplinker demo` and for experiments. They were written for this package: no sentence is from
another corpus, and any resemblance to real names is a coincidence. License: Apache-2.0, like the
package. This command writes them, with the same bytes on every Python:

    python examples/make_sample_corpus.py

| file | what it contains |
|---|---|
| `train_data.json` | {train_lines} lines, {train_triples} triples, in LIC2019's format |
| `dev_data.json` | {dev_lines} dev lines, {dev_triples} triples |
| `all_50_schemas` | {schema_rows} rows, {predicates} predicates (the name is LIC2019's) |
| `vocab.txt` | {vocabulary} tokens: each character of the corpus, ASCII, common punctuation |
| `bert_config.json` | a BERT with 2 layers, to train from scratch |
| `new_sentences.txt` | {new_sentences} more sentences, for extraction |

Of the {dev_names} different subjects and objects in the dev lines, {unseen} never occur as
such in the training lines; only their characters do. The first occurrence of a name in its text
is always the annotated one, and every fact of the schema that a text states is annotated. Some
names are inside others (a city in a school's name, a founder in a company's); some pairs have
two predicates (a director who plays the lead).
"""


def names_in(rows: list[dict]) -> dict[str, None]:
    """Return the distinct subjects and objects, in order."""
    triples = [triple for row in rows for triple in row["spo_list"]]
    return dict.fromkeys(triple[end] for triple in triples for end in ("subject", "object"))


def readme(train: list[dict], dev: list[dict], tokens: list[str]) -> str:
    """Return the README of the folder, with counts."""
    seen, dev_names = names_in(train), names_in(dev)
    return README.format(
        train_lines=len(train),
        train_triples=sum(len(row["spo_list"]) for row in train),
        dev_lines=len(dev),
        dev_triples=sum(len(row["spo_list"]) for row in dev),
        schema_rows=len(SCHEMA),
        predicates=len({predicate for _, predicate, _ in SCHEMA}),
        vocabulary=len(tokens),
        new_sentences=len(lines_of(words.NEW_SENTENCES)),
        dev_names=len(dev_names),
        unseen=sum(name not in seen for name in dev_names),
    )


def corpus_files() -> dict[str, str]:
    """Return the contents of all files by name."""
    chance = Chance(SEED)
    train_names = Names(chance)
    train = half(TRAIN_LINES, chance, train_names)
    dev = half(DEV_LINES, chance, Names(chance, held_out=True, known=train_names.drawn))
    new = "".join(line + "\n" for line in lines_of(words.NEW_SENTENCES))
    tokens = vocabulary([row["text"] for row in train + dev] + [new.replace("\n", "")])
    schema = [
        {"object_type": TYPES[object_], "predicate": predicate, "subject_type": TYPES[subject]}
        for subject, predicate, object_ in SCHEMA
    ]
    return {
        "train_data.json": json_lines(train),
        "dev_data.json": json_lines(dev),
        "all_50_schemas": json_lines(schema),
        "vocab.txt": "".join(token + "\n" for token in tokens),
        "bert_config.json": json.dumps(bert_config(len(tokens)), indent=2) + "\n",
        "new_sentences.txt": new,
        "README.md": readme(train, dev, tokens),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample corpus.")
    parser.add_argument("--output", type=Path, default=SAMPLE, help="the folder to write to")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in corpus_files().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"{folder / name}: {len(content.splitlines())} lines")


if __name__ == "__main__":
    main()

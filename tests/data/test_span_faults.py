"""Given offsets: read back at the same tokens, and refused if the text there is another word."""

import json

import numpy as np
import pytest

from gplinker_tf import Example, Extraction, InputError, Schema, Span, Triple
from gplinker_tf.alignment import TripleAligner, read_labeled_texts
from gplinker_tf.data import extraction_to_json, read_examples, span_fault
from gplinker_tf.tokenizers import BertTokenizer

SCHEMA = Schema((("", "位于", ""),))
UNIVERSITY = {
    "text": "江宁大学位于江宁的东北方。",
    "spo_list": [{"subject": "江宁大学", "predicate": "位于", "object": "江宁"}],
}
TOKENIZER = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"江宁大学位于的东北方。小米由雷"])


def written(path, text, *triples):
    path.write_text(json.dumps({"text": text, "spo_list": list(triples)}, ensure_ascii=False))
    return path


def triple(**fields):
    return UNIVERSITY["spo_list"][0] | fields


def test_offsets_decide(tmp_path):
    given = triple(subject_span=[0, 4], object_span=[6, 8])
    path = written(tmp_path / "train.json", UNIVERSITY["text"], given)
    aligner = TripleAligner(TOKENIZER, SCHEMA)
    assert read_labeled_texts(path, aligner).quintuples[0].tolist() == [[1, 4, 0, 7, 8]]
    path = written(tmp_path / "train.json", UNIVERSITY["text"], triple())
    assert read_labeled_texts(path, aligner).quintuples[0].tolist() == [[1, 4, 0, 1, 2]]


def label(text, *triples, search="characters"):
    aligner = TripleAligner(TOKENIZER, SCHEMA, search=search)
    [(_, quintuples)] = aligner.label([Example(text, triples)])
    return quintuples.tolist()


def test_a_subject_that_is_its_object_has_two_places():
    twice, text = Triple(Span("小米"), "位于", Span("小米")), "小米由小米由小米"
    assert label(text, twice) == [[1, 2, 0, 4, 5]]
    assert label("小米由雷", twice) == [[1, 2, 0, 1, 2]]
    given = Triple(Span("小米", 6, 8), "位于", Span("小米", 0, 2))
    assert label(text, given) == [[7, 8, 0, 1, 2]]
    assert label(text, twice, search="tokens") == [[1, 2, 0, 1, 2]]
    # Overlapping occurrences do not count as two.
    assert label("雷雷雷", Triple(Span("雷雷"), "位于", Span("雷雷"))) == [[1, 2, 0, 1, 2]]


def test_an_unknown_character_is_not_another():
    rocket = Triple(Span("🚀"), "位于", Span("雷"))
    assert label("😀小米🚀由雷", rocket) == [[4, 4, 0, 6, 6]]
    assert label("😀小米🚀由雷", rocket, search="tokens") == [[1, 1, 0, 6, 6]]


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("江宁大学", Span("江宁", 0, 99), "not a span of a text of 4 characters.*at \\[0, 2\\]"),
        ("江宁大学", Span("江宁", -4, -2), "Received: \\[-4, -2\\], which is not a span"),
        ("江宁大学", Span("江宁", 2, 0), "not a span"),
        ("江宁大学", Span("江宁", 1, 1), "not a span"),
        ("江宁大学", Span("宁大", 0, 2), "which reads '江宁'.*is at \\[1, 3\\]"),
        ("江宁大学", Span("东北", 0, 2), "does not occur in the text"),
        ("江宁大学", Span("大学", 2, 3), "too small by one: write \\[2, 4\\]"),
        ("江宁大学", Span("大学", 3, 4), "count from 1: write \\[2, 4\\]"),
        ("江宁大学", Span("大学", 6, 12), "count UTF-8 bytes: write \\[2, 4\\]"),
        ("😀小米由", Span("小米", 2, 4), "count UTF-16 units: write \\[1, 3\\]"),
        ("江宁大学", Span("", 1, 1), "expected offsets of ''"),
    ],
)
def test_offsets_that_read_as_another_word(tmp_path, text, span, message):
    aligner = TripleAligner(TOKENIZER, SCHEMA)
    assert not span_fault("江宁大学", Span("宁大", 1, 3))
    for ends in ((span, Span(text[:1])), (Span(text[:1]), span)):
        with pytest.raises(ValueError, match=message):
            list(aligner.label([Example(text, (Triple(ends[0], "位于", ends[1]),))]))
    if not span.text:
        return
    for role in ("subject", "object"):
        damaged = triple(subject=text[:1], object=text[:1])
        damaged |= {role: span.text, f"{role}_span": [span.start, span.end]}
        path = tmp_path / "train.json"
        good = json.dumps(UNIVERSITY)
        bad = json.dumps({"text": text, "spo_list": [damaged]})
        path.write_text(f"{good}\n\n{bad}\n")
        with pytest.raises(InputError, match=message) as caught:
            read_examples(path)
        assert str(caught.value).startswith(f"{path}:3: under '{role}_span' expected offsets of")


@pytest.mark.parametrize("offsets", ["[0.0, 2]", "[true, 2]", '"0-2"', "[0, 2, 4]", "[0, null]"])
def test_offsets_that_are_no_two_numbers(tmp_path, offsets):
    path = tmp_path / "train.json"
    row = json.dumps({"text": "江宁", "spo_list": [triple(subject="江宁", subject_span="X")]})
    path.write_text(row.replace('"X"', offsets))
    with pytest.raises(InputError, match=r"train\.json:1: expected \[start, end\]"):
        read_examples(path)


def test_offsets_of_an_object_with_slots_are_its_own(tmp_path):
    slots = triple(object={"inWork": "大学", "@value": "江宁"}, object_span=[6, 8])
    [example] = read_examples(written(tmp_path / "train.json", UNIVERSITY["text"], slots))
    assert [t.object for t in example.triples] == [Span("江宁", 6, 8), Span("大学")]


def test_what_extraction_writes_is_trained_on_at_the_very_same_tokens(
    tmp_path, lic2019, zh_encoder
):
    tokenizer = BertTokenizer.from_folder(zh_encoder)
    rng = np.random.default_rng(3)
    texts = [e.text for e in read_examples(lic2019 / "dev_data.json", limit=150)]
    texts += ["😀小米🚀由 雷军  创办🚀", "Cafe\u0301 İstanbul ΟΔΟΣ x2y2x2", "a\u200bb　全角Ａ１"]
    lines, expected = [], []
    for text in texts:
        encoding = tokenizer.encode(text, 128)
        offsets, triples, quintuples = encoding.offsets.tolist(), [], set()
        starts, behind = [-1, *encoding.offsets[1:-1, 0]], [-1, *encoding.offsets[1:-1, 1]]
        for _ in range(6):
            ends = np.sort(rng.integers(1, len(offsets) - 1, [2, 2])).tolist()
            spans = [(offsets[first][0], offsets[last][1]) for first, last in ends]
            subject, object_ = (Span(text[start:end], start, end) for start, end in spans)
            triples.append(Triple(subject, "位于", object_, 1.0))
            # A Hangul syllable may be several tokens; a span contains all of them or none.
            ends = [
                (starts.index(start), len(starts) - 1 - behind[::-1].index(end))
                for start, end in spans
            ]
            quintuples.add((*ends[0], 0, *ends[1]))
        lines.append(extraction_to_json(Extraction(text, tuple(triples))))
        expected.append(sorted(quintuples))
    path = tmp_path / "found.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    labeled = read_labeled_texts(path, TripleAligner(tokenizer, SCHEMA, long="truncate"))
    for found, quintuples in zip(labeled.quintuples, expected, strict=True):
        assert list(map(tuple, found.tolist())) == quintuples

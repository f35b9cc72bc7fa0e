"""Labels compared with a plain version of the script's rule, on random and real texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gplinker_tf import Example, Schema, Span, Triple
from gplinker_tf.alignment import TripleAligner
from gplinker_tf.alignment.triple_aligner import OCCURRENCES
from gplinker_tf.data import DataFolder, read_examples, read_schema
from gplinker_tf.models import pair_targets
from gplinker_tf.tokenizers import BertTokenizer

SCHEMA = Schema(tuple(("", name, "") for name in "xyz"))
TOKENIZER = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙丁"])

WORDS = st.text("甲乙丙丁", max_size=3)
EXAMPLES = st.builds(
    lambda text, triples: Example(text, tuple(Triple(Span(s), p, Span(o)) for s, p, o in triples)),
    st.text("甲乙丙丁", max_size=12),
    st.lists(st.tuples(WORDS, st.sampled_from("xyz"), WORDS), max_size=6),
)


def by_the_rule(example, tokenizer, schema, max_length):
    """Return the set of pairs of each label, by the script's rule."""
    ids = tokenizer.encode(example.text, max_length).token_ids.tolist()

    def place(word):
        wanted = tokenizer.encode(word).token_ids.tolist()[1:-1]
        places = [i for i in range(len(ids)) if ids[i : i + len(wanted)] == wanted]
        return (places[0], places[0] + len(wanted) - 1) if wanted and places else None

    entity = [set(), set()]
    head = [set() for _ in schema.predicates]
    tail = [set() for _ in schema.predicates]
    for triple in example.triples:
        subject, object_ = place(triple.subject.text), place(triple.object.text)
        if subject and object_:
            label = schema.predicates.index(triple.predicate)
            entity[0].add(subject)
            entity[1].add(object_)
            head[label].add((subject[0], object_[0]))
            tail[label].add((subject[1], object_[1]))
    return {"entity": entity, "head": head, "tail": tail}


def as_sets(labels):
    """Return the pairs of each label as sets; except the padding (0, 0), none may be repeated."""
    sets = []
    for pairs in labels.tolist():
        real = [tuple(pair) for pair in pairs if pair != [0, 0]]
        assert len(real) == len(set(real))
        sets.append(set(real))
    return sets


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(EXAMPLES, min_size=1, max_size=4), st.sampled_from([4, 8, 64]))
def test_labels_follow_the_scripts_rule(examples, max_length):
    aligner = TripleAligner(TOKENIZER, SCHEMA, max_length, search="tokens", long="truncate")
    quintuples = [found for _, found in aligner.label(examples)]
    batch = pair_targets(quintuples, len(SCHEMA.predicates))
    for number, example in enumerate(examples):
        expected = by_the_rule(example, TOKENIZER, SCHEMA, max_length)
        for name, sets in expected.items():
            assert as_sets(batch[name][number]) == sets


def test_real_lines(lic2019, zh_encoder):
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    tokenizer = BertTokenizer.from_vocab_file(zh_encoder / "vocab.txt")
    aligner = TripleAligner(tokenizer, schema, search="tokens", long="truncate")
    examples = read_examples(folder.train, schema, limit=150)
    quintuples = [found for _, found in aligner.label(examples)]
    batch = pair_targets(quintuples, 49)
    assert sum(map(len, quintuples)) > 250
    for number, example in enumerate(examples):
        for name, sets in by_the_rule(example, tokenizer, schema, 128).items():
            assert as_sets(batch[name][number]) == sets


def test_shapes_and_types_of_a_batch():
    empty, one = np.zeros([0, 5], np.int32), np.array([[1, 2, 1, 4, 4], [1, 2, 1, 5, 6]], np.int32)
    three = np.array([[1, 2, 0, n, n] for n in (4, 5, 6)], np.int32)
    labels = pair_targets([empty, one, three], 3)
    assert {name: value.shape for name, value in labels.items()} == {
        "entity": (3, 2, 4, 2),
        "head": (3, 3, 4, 2),
        "tail": (3, 3, 4, 2),
    }
    assert all(value.dtype == np.int32 for value in labels.values())
    assert pair_targets([empty, empty], 3)["head"].shape == (2, 3, 1, 2)


def test_a_word_that_is_not_in_the_text_gives_no_label():
    triple = Triple(Span("甲"), "x", Span("丁丁"))
    aligner = TripleAligner(TOKENIZER, SCHEMA)
    [(encoding, quintuples)] = aligner.label([Example("甲乙丁", (triple,))])
    assert quintuples.shape == (0, 5) and len(encoding.token_ids) == 5


def quintuples_of(example, occurrences, tokenizer=TOKENIZER):
    aligner = TripleAligner(tokenizer, SCHEMA, occurrences=occurrences)
    [(_, quintuples)] = aligner.label([example])
    return set(map(tuple, quintuples.tolist()))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(EXAMPLES)
def test_all_occurrences_and_the_nearest_ones(example):
    everything = set()
    for triple in example.triples:
        subjects, objects = (
            [
                (first + 1, first + len(word))
                for first in range(len(example.text))
                if word and example.text.startswith(word, first)
            ]
            for word in (triple.subject.text, triple.object.text)
        )
        pairs = [(s, o) for s in subjects for o in objects]
        pairs = [(s, o) for s, o in pairs if s != o] or pairs
        label = SCHEMA.index[triple.predicate]
        of_triple = {(*s, label, *o) for s, o in pairs}
        everything |= of_triple

        alone = Example(example.text, (triple,))
        assert quintuples_of(alone, "first") <= of_triple
        nearest = quintuples_of(alone, "nearest")
        assert nearest <= of_triple and len(nearest) == bool(of_triple)
        assert all(gap(n) == min(map(gap, of_triple)) for n in nearest)
    assert quintuples_of(example, "all") == everything


def gap(quintuple):
    first, last, _, other_first, other_last = quintuple
    return max(0, other_first - last, first - other_last)


def test_offsets_have_one_occurrence():
    text = "甲乙甲乙甲"
    triple = Triple(Span("甲", 2, 3), "x", Span("乙"))
    assert quintuples_of(Example(text, (triple,)), "all") == {(3, 3, 0, 2, 2), (3, 3, 0, 4, 4)}
    triple = Triple(Span("甲", 2, 3), "x", Span("乙", 3, 4))
    for occurrences in OCCURRENCES:
        assert quintuples_of(Example(text, (triple,)), occurrences) == {(3, 3, 0, 4, 4)}


def test_parts_of_longer_words_are_no_occurrences_where_there_are_others():
    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "art", "p", "##art", "##y"])
    triple = Triple(Span("art"), "x", Span("p"))
    assert quintuples_of(Example("party art p art", (triple,)), "all", tokenizer) == {
        (4, 4, 0, 5, 5),
        (6, 6, 0, 5, 5),
    }
    assert len(quintuples_of(Example("party p", (triple,)), "all", tokenizer)) == 1


def test_what_is_no_choice_of_occurrences():
    with pytest.raises(ValueError, match=r"one of first, nearest, all.*occurrences='last'"):
        TripleAligner(TOKENIZER, SCHEMA, occurrences="last")

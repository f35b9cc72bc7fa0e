"""Labels: the script's rule, written once more and plainly, on random and on real lines."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gplinker_tf import Example, Schema, Span, Triple
from gplinker_tf.data import (
    DataFolder,
    PairLabelBuilder,
    batch_labels,
    pair_labels,
    read_examples,
    read_schema,
)
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
    """Sets of pairs for each label, as the script finds them."""
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
    """Pairs of each label as sets; no pair may stand twice, only (0, 0) pads."""
    sets = []
    for pairs in labels.tolist():
        real = [tuple(pair) for pair in pairs if pair != [0, 0]]
        assert len(real) == len(set(real))
        sets.append(set(real))
    return sets


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(EXAMPLES, min_size=1, max_size=4), st.sampled_from([4, 8, 64]))
def test_labels_follow_the_scripts_rule(examples, max_length):
    builder = PairLabelBuilder(TOKENIZER, SCHEMA, max_length, search="tokens")
    quintuples = [found for _, found in builder.label(examples)]
    batch = batch_labels(quintuples, len(SCHEMA.predicates))
    for number, example in enumerate(examples):
        expected = by_the_rule(example, TOKENIZER, SCHEMA, max_length)
        alone = pair_labels(quintuples[number], len(SCHEMA.predicates))
        for name, sets in expected.items():
            assert as_sets(batch[name][number]) == sets
            assert as_sets(getattr(alone, name)) == sets


def test_real_lines(lic2019, zh_encoder):
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    tokenizer = BertTokenizer.from_vocab_file(zh_encoder / "vocab.txt")
    builder = PairLabelBuilder(tokenizer, schema, search="tokens")
    examples = read_examples(folder.train, schema, limit=150)
    quintuples = [found for _, found in builder.label(examples)]
    batch = batch_labels(quintuples, 49)
    assert sum(map(len, quintuples)) > 250
    for number, example in enumerate(examples):
        for name, sets in by_the_rule(example, tokenizer, schema, 128).items():
            assert as_sets(batch[name][number]) == sets


def test_shapes_and_types_of_a_batch():
    empty, one = np.zeros([0, 5], np.int32), np.array([[1, 2, 1, 4, 4], [1, 2, 1, 5, 6]], np.int32)
    three = np.array([[1, 2, 0, n, n] for n in (4, 5, 6)], np.int32)
    labels = batch_labels([empty, one, three], 3)
    assert {name: value.shape for name, value in labels.items()} == {
        "entity": (3, 2, 4, 2),
        "head": (3, 3, 4, 2),
        "tail": (3, 3, 4, 2),
    }
    assert all(value.dtype == np.int32 for value in labels.values())
    assert batch_labels([empty, empty], 3)["head"].shape == (2, 3, 1, 2)


def test_a_word_that_is_not_in_the_text_gives_no_label():
    triple = Triple(Span("甲"), "x", Span("丁丁"))
    builder = PairLabelBuilder(TOKENIZER, SCHEMA)
    [(encoding, quintuples)] = builder.label([Example("甲乙丁", (triple,))])
    assert quintuples.shape == (0, 5) and len(encoding.token_ids) == 5

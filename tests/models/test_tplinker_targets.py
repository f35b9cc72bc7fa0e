"""TPLinker's labels: the links of every triple, reversed if the object comes first."""

import numpy as np

from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.models import HandshakingTargets
from gplinker_tf.structures import Encoding

PREDICATES = 3


def by_definition(rows):
    """Return (first, second, kind, class) of each link of one text."""
    links = set()
    for subject_start, subject_end, p, object_start, object_end in rows.tolist():
        links |= {(subject_start, subject_end, 0, 1), (object_start, object_end, 0, 1)}
        for kind, subject, object_ in (
            (1 + p, subject_start, object_start),
            (1 + PREDICATES + p, subject_end, object_end),
        ):
            turned = subject > object_
            links.add((object_, subject, kind, 2) if turned else (subject, object_, kind, 1))
    return links


def links_of(quintuples, **kwargs):
    token_ids = np.ones([len(quintuples), 16], int)
    labels = HandshakingTargets(PREDICATES, **kwargs)(quintuples, token_ids, None)["links"]
    listed = [[tuple(row) for row in text if row[3]] for text in labels.tolist()]
    assert all(row == [0, 0, 0, 0] for text in labels.tolist() for row in text if not row[3])
    assert all(len(set(text)) == len(text) for text in listed)
    return labels, [set(text) for text in listed]


#: Subject first or last; one span inside the other; the same span; one start with two ends.
ROWS = np.array(
    [[1, 2, 0, 4, 6], [7, 8, 0, 4, 6], [1, 6, 1, 2, 3], [5, 5, 2, 5, 5], [4, 6, 2, 4, 5]]
)


def test_every_triple_gives_its_links():
    labels, (first, none, last) = links_of([ROWS, ROWS[:0], ROWS[1:2]])
    assert first == by_definition(ROWS) and none == set() and last == by_definition(ROWS[1:2])
    assert (4, 7, 1, 2) in last and (6, 8, 1 + PREDICATES, 2) in last
    assert labels.dtype == np.int32 and labels.shape == (3, 32, 4), "17 links"


def test_both_ways_between_the_same_tokens():
    rows = np.array([[1, 2, 1, 4, 5], [4, 5, 1, 1, 2], [1, 2, 2, 4, 5]])
    _, [both] = links_of([rows])
    assert both == by_definition(rows)
    _, [one] = links_of([rows], one_class=True)
    lost = {(1, 4, 2, 1), (2, 5, 2 + PREDICATES, 1)}
    assert one == by_definition(rows) - lost and lost < both


def test_random_triples_and_texts_without_one():
    rng = np.random.default_rng(0)
    texts = []
    for count in (0, 1, 9, 0, 40):
        spans = np.sort(rng.integers(1, 9, [count, 2, 2]), axis=-1)
        predicates = rng.integers(0, PREDICATES, [count, 1])
        texts.append(np.concatenate([spans[:, 0], predicates, spans[:, 1]], axis=1))
    _, listed = links_of(texts)
    assert listed == [by_definition(rows) for rows in texts]
    assert links_of([ROWS[:0]] * 2)[0].shape == (2, 1, 4)
    _, single = links_of(texts, one_class=True)
    for links, all_links in zip(single, listed, strict=True):
        assert {link[:3] for link in links} == {link[:3] for link in all_links}
        assert len({link[:3] for link in links}) == len(links)


def test_dtypes_and_shapes_are_those_promised():
    text = Encoding(np.full(10, 7), np.zeros(10), np.zeros([10, 2]))
    maker = HandshakingTargets(PREDICATES)
    batches = TrainingBatches(LabeledTexts([text], [ROWS], [1]), maker, 2, 1)
    _, labels = next(iter(batches.dataset()))
    np.testing.assert_array_equal(labels["links"], links_of([ROWS])[0])

"""CasRel's labels: all subjects, the objects of a random one, and weights of texts."""

import numpy as np
import pytest

from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.models import CasRelTargets
from gplinker_tf.structures import Encoding

#: Subjects (1, 2) with two objects, (1, 3) and (5, 5) with one.
ROWS = np.array([[1, 2, 0, 7, 8], [1, 2, 2, 5, 5], [1, 3, 1, 7, 7], [5, 5, 0, 1, 2]])


def labels_of(quintuples, seed=0, lengths=None, predicates=3):
    lengths = lengths or [10] * len(quintuples)
    token_ids = np.where(np.arange(12) < np.array(lengths)[:, None], 7, 0)
    return CasRelTargets(predicates)(quintuples, token_ids, np.random.default_rng(seed))


def test_subjects_are_tagged_by_start_and_end():
    labels = labels_of([ROWS])
    assert np.argwhere(labels["subject"][0, :, 0]).ravel().tolist() == [1, 5]
    assert np.argwhere(labels["subject"][0, :, 1]).ravel().tolist() == [2, 3, 5]


def test_every_choice_of_the_script_comes_and_no_other():
    seen = set()
    for seed in range(200):
        labels = labels_of([ROWS], seed)
        chosen = tuple(labels["chosen"][0].tolist())
        seen.add(chosen)
        found = np.argwhere(labels["object"][0]).tolist()
        expected = []
        for start, end, predicate, first, last in ROWS.tolist():
            if (start, end) == chosen:
                expected += [[first, predicate, 0], [last, predicate, 1]]
        assert found == sorted(expected)
    # (1, 5) is the start of one subject and the end of another, so it has no object.
    assert seen == {(1, 2), (1, 3), (1, 5), (5, 5)}


def test_starts_are_drawn_by_subject_and_ends_by_subject():
    chosen = np.array([labels_of([ROWS], seed)["chosen"][0] for seed in range(2000)])
    assert np.mean(chosen[:, 0] == 1) == pytest.approx(2 / 3, abs=0.05)
    of_first = chosen[chosen[:, 0] == 1, 1]
    assert np.bincount(of_first)[[2, 3, 5]] / len(of_first) == pytest.approx([1 / 3] * 3, abs=0.05)


def test_weights_make_the_mean_over_texts_one_over_tokens():
    labels = labels_of([ROWS, ROWS[:0], ROWS[:1]], lengths=[10, 12, 9])
    assert labels["weight"].tolist() == pytest.approx([3 / 19, 0, 3 / 19])
    assert labels["weight"].dtype == np.float32
    assert not labels["subject"][1].any() and not labels["object"][1].any()
    assert labels_of([ROWS[:0]] * 2)["weight"].tolist() == [0, 0]


def test_the_choice_depends_on_seed_and_step_alone():
    text = Encoding(np.full(10, 7), np.zeros(10), np.zeros([10, 2]))
    texts = LabeledTexts([text] * 6, [ROWS] * 6, range(1, 7))

    def chosen(seed, first_step, count):
        batches = TrainingBatches(texts, CasRelTargets(3), 2, seed)
        data = batches.dataset(first_step).take(count)
        return [labels["chosen"].numpy().tolist() for _, labels in data]

    whole = chosen(5, 0, 7)
    assert chosen(5, 0, 4) + chosen(5, 4, 3) == whole
    assert chosen(6, 0, 7) != whole
    assert whole[:3] != whole[3:6], "each epoch draws anew"


def test_dtypes_and_shapes_are_those_promised():
    text = Encoding(np.full(10, 7), np.zeros(10), np.zeros([10, 2]))
    batches = TrainingBatches(LabeledTexts([text], [ROWS], [1]), CasRelTargets(3), 2, 1)
    _, labels = next(iter(batches.dataset()))
    shapes = {name: tuple(value.shape) for name, value in labels.items()}
    assert shapes == {
        "subject": (1, 10, 2),
        "chosen": (1, 2),
        "object": (1, 10, 3, 2),
        "weight": (1,),
    }

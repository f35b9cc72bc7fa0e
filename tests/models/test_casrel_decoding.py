"""Decoding of tags, compared with the plain loops of the original, and the cap on subjects."""

import numpy as np
import pytest
from decoded import as_dicts, assert_same

import gplinker_tf.models.casrel.decoding as module
from gplinker_tf.backend import tf
from gplinker_tf.models import decode_taggings, tagged_spans

PREDICATES, LENGTHS = 5, (12, 7, 3, 2)
START = np.log(0.6 / 0.4)


def random_odds(seed, shift=0.3):
    """Return log-odds of subjects, a function for those of objects by subject, and the mask."""
    rng = np.random.default_rng(seed)
    mask = np.arange(max(LENGTHS)) < np.array(LENGTHS)[:, None]
    subject = rng.normal(shift, 1, [*mask.shape, 2]).astype("float32")
    objects = rng.normal(shift, 1, [*mask.shape, PREDICATES, 2]).astype("float32")

    def objects_of(texts, spans):
        turned = 0.1 * tf.cast(spans[:, 0] - spans[:, 1], tf.float32)
        return tf.gather(objects, texts) + turned[:, None, None, None]

    return subject, objects_of, mask


def first_ends(odds, length, threshold):
    """Yield (start, end) and its score by the script's loops over log-odds `[l, 2]`."""
    inner = range(1, length - 1)
    for start in inner:
        ends = [j for j in inner if odds[j, 1] > min(threshold, 0) and j >= start]
        found = ends and odds[ends[0], 1] > threshold
        if odds[start, 0] > START + threshold and found:
            yield (start, ends[0]), float(odds[start, 0] + odds[ends[0], 1])


def by_loops(subject, objects_of, text, length, threshold):
    found = {}
    for span, score in first_ends(subject[text], length, threshold):
        odds = objects_of(tf.constant([text]), tf.constant([span]))[0].numpy()
        for p in range(PREDICATES):
            for object_, object_score in first_ends(odds[:, p], length, threshold):
                found[span, p, object_] = score + object_score
    return found


@pytest.mark.parametrize("threshold", [0.0, 0.3, -0.5])
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_scripts_loops(seed, threshold):
    subject, objects_of, mask = random_odds(seed)
    triples, finite = decode_taggings(subject, mask, objects_of, 100, threshold)
    expected = [
        by_loops(subject, objects_of, text, length, threshold)
        for text, length in enumerate(LENGTHS)
    ]
    assert sum(map(len, expected)) >= 10
    for got, want in zip(as_dicts(triples, len(mask)), expected, strict=True):
        assert_same(got, want)
    assert not triples.capped.numpy().any() and finite.numpy().all()


def test_chunks_change_nothing(monkeypatch):
    subject, objects_of, mask = random_odds(seed=9)
    whole = as_dicts(decode_taggings(subject, mask, objects_of, 100)[0], len(mask))
    monkeypatch.setattr(module, "CHUNK_FLOATS", 250)
    assert as_dicts(decode_taggings(subject, mask, objects_of, 100)[0], len(mask)) == whole


def test_the_cap_keeps_the_best_subjects_and_says_so():
    subject, objects_of, mask = random_odds(seed=2, shift=1.0)
    inner = tf.constant([[0 < i < length - 1 for i in range(12)] for length in LENGTHS])
    spans = tagged_spans(tf.constant(subject), inner, 0.0)
    scores = np.sort(spans.score.numpy()[spans.row.numpy() == 0])[::-1]
    assert len(scores) > 3
    triples, _ = decode_taggings(subject, mask, objects_of, 100, max_pairs=3 * 12)
    assert triples.capped.numpy().tolist()[0] and not triples.capped.numpy()[2:].any()
    texts, subjects = triples.batch.numpy(), triples.subject.numpy()
    kept = {tuple(span) for span in subjects[texts == 0].tolist()}
    best = (spans.row.numpy() == 0) & (spans.score.numpy() >= scores[2])
    assert kept <= {tuple(span) for span in spans.tokens.numpy()[best].tolist()}
    assert kept


@pytest.mark.parametrize("shift", [-50.0, 50.0])
def test_nothing_and_everything(shift):
    subject, objects_of, mask = random_odds(seed=1, shift=shift)
    triples, _ = decode_taggings(subject, mask, objects_of, 100)
    # Each inner token is then a separate span.
    inner = sum((length - 2) ** 2 * PREDICATES for length in LENGTHS)
    assert triples.score.shape == (inner if shift > 0 else 0,)


def test_objects_that_are_no_numbers_are_told_of_their_text():
    subject, objects_of, mask = random_odds(seed=4, shift=1.0)

    def broken(texts, spans):
        odds = objects_of(texts, spans)
        return tf.where((texts == 1)[:, None, None, None], np.float32("nan"), odds)

    triples, finite = decode_taggings(subject, mask, broken, 100)
    assert finite.numpy().tolist() == [True, False, True, True]
    assert 1 not in triples.batch.numpy()


def test_of_triples_without_end_the_best_are_kept_as_they_are_found(monkeypatch):
    subject, objects_of, mask = random_odds(7)
    arguments = subject, mask, objects_of, PREDICATES * 12, -1000.0
    everything = as_dicts(module.decode_taggings(*arguments)[0], len(LENGTHS))
    monkeypatch.setattr(module, "MAX_LISTED", 20)
    monkeypatch.setattr(module, "CHUNK_FLOATS", 64)  # one subject at a time
    triples, _ = module.decode_taggings(*arguments)
    left_out = triples.left_out.numpy()
    for found, whole, count in zip(
        as_dicts(triples, len(LENGTHS)), everything, left_out, strict=True
    ):
        assert found == {key: whole[key] for key in sorted(whole, key=whole.get)[::-1][:20]}
        assert count == len(whole) - len(found)
    assert left_out[0] > 100

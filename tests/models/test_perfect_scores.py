"""What target builders expect perfect scores to decode to, compared with decoding them."""

import numpy as np
import pytest
from test_tplinker import decoded, perfect, with_tags
from tiny import PREDICATES, tiny_of_kind

from gplinker_tf.backend import tf
from gplinker_tf.decoding import decode_triples
from gplinker_tf.models import (
    MODELS,
    CasRelTargets,
    GPLinkerTargets,
    decode_taggings,
)

TEXTS, LENGTH = 40, 8


def random_quintuples(seed):
    """Draw many triples on few tokens: nested, crossing, reversed, on [CLS] and [SEP]."""
    rng = np.random.default_rng(seed)
    texts = []
    for _ in range(TEXTS):
        spans = np.sort(rng.integers(0, LENGTH, [rng.integers(0, 6), 2, 2]), axis=-1)
        predicates = rng.integers(0, PREDICATES - 1, [len(spans), 1])
        rows = np.concatenate([spans[:, 0], predicates, spans[:, 1]], axis=1)
        # Half of them also occur reversed, as in real texts.
        turned = rows[: len(rows) // 2][:, [3, 4, 2, 0, 1]]
        texts.append(np.unique(np.concatenate([rows, turned]), axis=0))
    return texts


IDS = np.ones([TEXTS, LENGTH], np.int32)


def gplinker_decoding(maker, texts):
    labels = maker(texts, IDS, None)
    logits = {}
    for name, pairs in labels.items():
        logits[name] = np.full([TEXTS, pairs.shape[1], LENGTH, LENGTH], -9, np.float32)
        for text, label, place in np.argwhere(pairs.any(axis=-1)):
            first, last = pairs[text, label, place]
            logits[name][text, label, first, last] = 9
    scores = logits["entity"], logits["head"], logits.get("tail")
    return as_rows(decode_triples(*scores, tf.constant(IDS > 0)))


def as_rows(triples):
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    rows = zip(*(column.numpy().tolist() for column in columns), strict=True)
    return {(text, *subject, p, *object_) for text, subject, p, object_ in rows}


class Choice:
    """A generator that chooses the given subject, which must be among the choices."""

    def __init__(self, subject):
        self.wanted = iter(subject)

    def choice(self, values):
        wanted = next(self.wanted)
        assert wanted in values
        return wanted


def casrel_decoding(maker, texts):
    subject = maker(texts, IDS, np.random.default_rng(0))["subject"]

    def objects_of(rows, spans):
        objects = [
            maker([texts[text]], IDS[:1], Choice(span))["object"][0]
            for text, span in zip(rows.numpy().tolist(), spans.numpy().tolist(), strict=True)
        ]
        shape = [len(objects), LENGTH, PREDICATES, 2]
        return log_odds(np.array(objects, bool).reshape(shape))

    return as_rows(decode_taggings(log_odds(subject), tf.constant(IDS > 0), objects_of, 1)[0])


def log_odds(tags):
    return tf.where(tags, 9.0, -9.0)


def handshaking_decoding(kind):
    def decoding(maker, texts):
        model = tiny_of_kind(kind)
        links = maker(texts, IDS, None)["links"]
        tags = np.stack([perfect(model, row, LENGTH) for row in links])
        return decoded(with_tags(model, tags, IDS), [IDS, IDS * 0])

    return decoding


CASES = {
    "gplinker": (MODELS["gplinker"].target_builder(PREDICATES), gplinker_decoding),
    "mixed": (GPLinkerTargets(PREDICATES, roles=1), gplinker_decoding),
    "no tail": (GPLinkerTargets(PREDICATES, with_tail=False), gplinker_decoding),
    "mixed, no tail": (GPLinkerTargets(PREDICATES, roles=1, with_tail=False), gplinker_decoding),
    "casrel": (MODELS["casrel"].target_builder(PREDICATES), casrel_decoding),
    "tplinker": (MODELS["tplinker"].target_builder(PREDICATES), handshaking_decoding("tplinker")),
    "tplinker-plus": (
        MODELS["tplinker-plus"].target_builder(PREDICATES),
        handshaking_decoding("tplinker-plus"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_perfect_scores_decode_to_what_the_label_maker_says(case):
    maker, decoding = CASES[case]
    texts = random_quintuples(seed=7)
    said = {(text, *row) for text, rows in enumerate(texts) for row in maker.decoded(rows, LENGTH)}
    assert decoding(maker, texts) == said
    inner = {
        (text, *row)
        for text, rows in enumerate(texts)
        for row in rows.tolist()
        if min(row[0], row[3]) > 0 and max(row[1], row[4]) < LENGTH - 1
    }
    assert len(inner) > 30
    # Only CasRel and TPLinker lose annotated triples; all models add others.
    assert bool(inner - said) == (case in ("casrel", "tplinker"))
    assert said - inner


@pytest.mark.parametrize("kind", MODELS)
def test_label_makers_by_name_are_the_models_own(kind):
    maker, own = MODELS[kind].target_builder(PREDICATES), tiny_of_kind(kind).target_builder
    assert type(maker) is type(own) and vars(maker) == vars(own)


def test_casrel_loses_the_longer_of_two_subjects_that_start_together():
    rows = np.array([[1, 3, 0, 7, 7], [1, 5, 0, 7, 7], [1, 5, 1, 7, 7]])
    assert CasRelTargets(2).decoded(rows, 9) == {(1, 3, 0, 7, 7)}
    assert CasRelTargets(2).decoded(rows[1:], 9) == {(1, 5, 0, 7, 7), (1, 5, 1, 7, 7)}

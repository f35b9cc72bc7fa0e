"""Found triples drawn from a known distribution."""

import numpy as np

from gplinker_tf.calibration import FoundTriples

PREDICATES = ("导演", "主演", "作者")


def random_found(seed=0, texts=300, shift=(0.0, 0.0, 0.0), missed=1):
    """Return triples that are correct with probability sigmoid(lowest - shift), and some misses."""
    rng = np.random.default_rng(seed)
    count = 8 * texts
    text, predicate = rng.integers(texts, size=count), rng.integers(len(PREDICATES), size=count)
    lowest = rng.normal(0, 2, count).clip(-4.9)
    odds = lowest - np.array(shift)[predicate]
    correct = rng.random(count) < 1 / (1 + np.exp(-odds))
    annotated = rng.poisson(missed / 3, [texts, len(PREDICATES)])
    np.add.at(annotated, (text[correct], predicate[correct]), 1)
    return FoundTriples(text, predicate, lowest, correct, annotated)


def names_of(found):
    return np.array(PREDICATES)[found.predicate]

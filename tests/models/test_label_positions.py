"""Every model refuses labels outside their text, and names the text and the position."""

import numpy as np
import pytest
from reference import in_one_generation
from tiny import as_dataset, tiny_batch_for, tiny_of_kind, tiny_variant

from gplinker_tf.backend import tf
from gplinker_tf.models import MODELS

pytestmark = pytest.mark.slow

#: For each model: the label, an index into it, and positions outside a text of 9 tokens.
OUTSIDE = {
    "gplinker": ("head", (2, 1, 0), [(1, -1), (1, 99), (9, 1)]),
    "casrel": ("chosen", (2,), [(1, -1), (1, 99), (9, 9)]),
    "tplinker": (
        "links",
        (2, 0),
        [(1, 99, 0, 1), (-1, 1, 0, 1), (3, 2, 0, 1), (1, 2, 7, 1), (1, 2, 1, 3), (1, 2, -1, 1)],
    ),
}
OUTSIDE["tplinker-plus"] = OUTSIDE["tplinker"]


def with_one(kind, model, position):
    inputs, labels = tiny_batch_for(model)
    name, place, _ = OUTSIDE[kind]
    labels = {key: value.copy() for key, value in labels.items()}
    labels[name][place] = position
    return inputs, labels


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_a_position_outside_is_named(kind):
    model = tiny_of_kind(kind)
    for position in OUTSIDE[kind][2]:
        inputs, labels = with_one(kind, model, position)
        named = rf"Received: \[{', '.join(map(str, position))}\] in text 2"
        with pytest.raises(ValueError, match=named):
            model.sample_losses(labels, model.factors(inputs))


@in_one_generation
@pytest.mark.parametrize("kind", ["gplinker", "gplinker-multihot", "casrel", "tplinker"])
def test_no_model_trains_on_one(kind):
    model = tiny_variant(kind) if kind == "gplinker-multihot" else tiny_of_kind(kind)
    kind = model.kind
    position = OUTSIDE[kind][2][1]
    model.compile("sgd")
    before = model.get_weights()
    named = r"\[\[" + " ".join(map(str, position))
    with pytest.raises(tf.errors.InvalidArgumentError, match=named):
        model.fit(as_dataset(*with_one(kind, model, position)), steps_per_epoch=2, verbose=0)
    # The label is in the second batch of two texts.
    inputs, labels = tiny_batch_for(model)
    assert any((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
    assert np.isfinite(
        model.fit(as_dataset(inputs, labels), steps_per_epoch=2, verbose=0).history["loss"]
    )

"""Output and gradients of every family, compared with bert4keras, live or in a golden file."""

import sys
from pathlib import Path

import numpy as np
import pytest
from reference import LEGACY
from tiny_families import (
    FAMILIES,
    bert4keras_name,
    encoder_of,
    family_batch,
    output_and_gradients,
    write_google_of,
)

from gplinker_tf.encoders import (
    ENCODERS,
    EncoderFolder,
    config_of_encoder,
    encoder_from_config,
)
from gplinker_tf.models import CasRel

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
sys.path.append(str(GOLDEN))

from make_encoder_families import bert4keras_families_facts, thinned  # noqa: E402

#: The last part of a block, for families in which it is not the feed-forward layer.
LAST = {"gau_alpha": "GatedAttentionUnit-Norm"}

#: Families whose encoders equal those of another family: only their checkpoints differ.
SAME = {"electra": "albert_unshared"}


@pytest.fixture(scope="module")
def golden():
    return np.load(GOLDEN / "encoder_families.npz")


def test_every_family_is_tested():
    assert {*FAMILIES, "roberta"} == set(ENCODERS)


@pytest.mark.parametrize("family", FAMILIES)
def test_output_and_gradients_are_bert4keras(family, tmp_path, golden):
    folder = write_google_of(tmp_path, family)
    model = EncoderFolder.open(folder, family=family).build()
    encoder = encoder_of(family)
    encoder.model.set_weights(model.get_weights())
    weights = {
        bert4keras_name(family, name): weight
        for layer, names in encoder.tensor_names().items()
        if family != "albert_unshared"
        for name, weight in zip(names, encoder.layers[layer].weights, strict=True)
    }
    found = output_and_gradients(encoder.model, weights)
    if LEGACY:
        live = bert4keras_families_facts(family, folder)
        expected = {name: thinned(name, array) for name, array in live.items()}
    else:
        begin = f"{family}/"
        expected = {n.removeprefix(begin): golden[n] for n in golden if n.startswith(begin)}
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        scale = max(1.0, np.abs(found[name]).max())
        np.testing.assert_allclose(
            thinned(name, found[name]), array, atol=1e-5 * scale, rtol=0, err_msg=name
        )


@pytest.mark.parametrize("family", FAMILIES)
def test_rebuilt_from_its_layers_and_under_casrel(family):
    encoder = encoder_of(family)
    config = config_of_encoder(encoder.model)
    again = encoder_from_config(config)
    again.set_weights(encoder.model.get_weights())
    token_ids, segment_ids = (part[:2, :12] for part in family_batch())
    hidden = encoder.model([token_ids, segment_ids])
    np.testing.assert_array_equal(again([token_ids, segment_ids]), hidden)
    assert config["family"] == family or (config["family"], family) == (
        "albert_unshared",
        "electra",
    )

    model = CasRel(encoder.model, num_predicates=2)
    odds = model([token_ids, segment_ids, np.array([[1, 2], [3, 3]])])
    assert odds["object"].shape == (2, 12, 2, 2) and np.isfinite(odds["object"]).all()
    _, before_the_norm = model._with_sum([token_ids, segment_ids])
    norm = encoder.layers[encoder.layer_name(1, LAST.get(family, "FeedForward-Norm"))]
    np.testing.assert_allclose(norm(before_the_norm), hidden, atol=1e-5)

"""Every family against bert4keras: output and gradients; live where it runs, else its golden."""

import sys
from pathlib import Path

import numpy as np
import pytest
from reference import LEGACY
from tiny_families import (
    FAMILIES,
    bert4keras_name,
    encoder_of,
    output_and_gradients,
    write_google_of,
)

from gplinker_tf.encoders import ENCODERS, EncoderFolder

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
sys.path.append(str(GOLDEN))

from make_encoder_families import bert4keras_families_facts, thinned  # noqa: E402


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

"""`AutoRegressiveDecoder` generates the same tokens as bert4keras."""

from pathlib import Path

import numpy as np
import pytest
from face_function_cases import decoder_of, generated

from gplinker_tf.bert4keras import keras, layers, snippets

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_functions.npz")


def test_beams_and_samples():
    found = generated(snippets)
    for name, sequences in found.items():
        for number, sequence in enumerate(sequences):
            want = GOLDEN[f"generated/{name}/{number}"]
            np.testing.assert_array_equal(sequence, want, err_msg=name)
        assert f"generated/{name}/{len(sequences)}" not in GOLDEN
    lengths = {len(sequence) for sequences in found.values() for sequence in sequences}
    assert len(lengths) > 4


@pytest.mark.filterwarnings("error:.*mask attached:UserWarning")
def test_the_last_token_of_a_model():
    tokens = keras.layers.Input([None], dtype="int32")
    model = keras.models.Model(tokens, layers.Embedding(9, 9, mask_zero=True)(tokens))
    decoder = decoder_of(snippets, start_id=1, end_id=3, maxlen=4)
    last = decoder.last_token(model)
    ids = np.array([[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(last.predict(ids), model.predict(ids)[:, -1])
    assert decoder.last_token(model) is last
    with pytest.raises(ValueError, match=r"'probas' or 'logits'\. Received: rtype='other'"):
        decoder.predict([0], ids, None, rtype="other")

"""The ONNX graph of every model finds what Keras finds."""

import numpy as np
import onnxruntime
import pytest
from tiny import PREDICATES, tiny_batch, tiny_of_kind

from gplinker_tf.export import onnx_graph
from gplinker_tf.extraction import KerasPredictor, Prediction
from gplinker_tf.models import MODELS


def rows(found):
    """What is found, in an order of its own: equal scores may come in any."""
    columns = [part if part.ndim == 2 else part[:, None] for part in found[:6]]
    table = np.concatenate(columns, axis=1).astype(np.float64)
    return table[np.lexsort(table[:, :6].T)]


@pytest.mark.parametrize("kind", MODELS)
def test_the_graph_of_every_model_finds_what_keras_finds(kind):
    model = tiny_of_kind(kind)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.5, weight.shape) for weight in model.get_weights()])
    session = onnxruntime.InferenceSession(onnx_graph(model).SerializeToString())
    in_keras = KerasPredictor(model)
    (token_ids, segment_ids), _ = tiny_batch(seed=1)
    finds = []
    for threshold, max_pairs, max_triples in [(-1, 1000, 300), ([0, 1, -1], 1000, 5), (99, 9, 9)]:
        thresholds = np.broadcast_to(np.float32(threshold), [PREDICATES])
        limits = [np.array(number, np.int32) for number in (max_pairs, max_triples)]
        values = [token_ids, segment_ids, thresholds, *limits]
        inputs = zip(session.get_inputs(), values, strict=True)
        found = session.run(Prediction._fields, {node.name: value for node, value in inputs})
        want = in_keras(token_ids, segment_ids, thresholds, max_pairs, max_triples)
        np.testing.assert_allclose(rows(Prediction(*found)), rows(want), atol=1e-4)
        for name, got, expected in zip(Prediction._fields[6:], found[6:], want[6:], strict=True):
            np.testing.assert_array_equal(got, expected, name)
        finds.append(len(want.score))
    assert finds[0] > finds[1] > finds[2] == 0


def test_keras_quantization_names_the_way_out():
    with pytest.raises(NotImplementedError, match="gplinker export"):
        tiny_of_kind("gplinker").quantize("int8")

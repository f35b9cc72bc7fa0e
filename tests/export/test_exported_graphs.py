"""The ONNX and LiteRT graphs of every model find what Keras finds."""

import numpy as np
import pytest
from encoders.tiny_families import encoder_of
from tiny import PREDICATES, tiny_batch, tiny_of_kind

from gplinker_tf.backend import tf
from gplinker_tf.export import litert_graph, onnx_graph
from gplinker_tf.export._new_axes import expand_new_axes
from gplinker_tf.export._saved_model import save_function
from gplinker_tf.export.litert_graph import _frozen
from gplinker_tf.extraction import KerasPredictor, LiteRTPredictor, OnnxPredictor, Prediction
from gplinker_tf.models import MODELS, GPLinker


def rows(found):
    """Return the predictions in a fixed order, because equal scores may come in any order."""
    columns = [part if part.ndim == 2 else part[:, None] for part in found[:6]]
    table = np.concatenate(columns, axis=1).astype(np.float64)
    return table[np.lexsort(table[:, :6].T)]


#: Functions that return the graph of a model as bytes, by predictor.
GRAPHS = {
    OnnxPredictor: lambda model: onnx_graph(model).SerializeToString(),
    LiteRTPredictor: litert_graph,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
def test_the_graphs_of_every_model_find_what_keras_finds(kind, tmp_path):
    assert_find_what_keras_finds(tiny_of_kind(kind), kind, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["nezha", "roformer", "gau_alpha"])
def test_the_graphs_of_every_attention_find_what_keras_finds(family, tmp_path):
    model = GPLinker(encoder_of(family, num_hidden_layers=1).model, PREDICATES)
    assert_find_what_keras_finds(model, "gplinker", tmp_path, seed=3)


def assert_find_what_keras_finds(model, kind, folder, seed=0):
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, 0.5, weight.shape) for weight in model.get_weights()])
    (token_ids, segment_ids), _ = tiny_batch(seed=1)
    batches = [
        (token_ids[:texts], segment_ids[:texts], threshold, max_pairs, max_triples)
        for texts, threshold, max_pairs, max_triples in [
            (4, -1, 1000, 300),
            (4, [0, 1, -1], 1000, 5),
            (1, 99, 9, 9),
        ]
    ]
    in_keras = KerasPredictor(model)
    wanted = [in_keras(*batch) for batch in batches]
    most, fewer, none = (len(want.score) for want in wanted)
    assert most > fewer > none == 0
    for predictor, graph_of in GRAPHS.items():
        pytest.importorskip(predictor.module)
        graph = folder / predictor.graph
        graph.write_bytes(graph_of(model))
        exported = predictor(graph, kind, PREDICATES)
        for batch, want in zip(batches, wanted, strict=True):
            found = exported(*batch)
            np.testing.assert_allclose(rows(found), rows(want), atol=1e-4)
            for name, got, expected in zip(
                Prediction._fields[6:], found[6:], want[6:], strict=True
            ):
                np.testing.assert_array_equal(got, expected, f"{predictor.__name__} {name}")


def test_slices_that_add_axes_keep_their_meaning(tmp_path):
    def slices(x):
        only_add = [x[:, None], x[None, ..., None], x[:, None, :, None], x[..., None]]
        return dict(zip("abcdef", [*only_add, x[1:, None], x[..., None, 0]], strict=True))

    save_function(tf.function(slices, [tf.TensorSpec([None, None], name="x")]), tmp_path)
    expand_new_axes(tmp_path)
    run = tf.saved_model.load(tmp_path).signatures["extract"]
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    for name, want in slices(x).items():
        np.testing.assert_array_equal(run(x=tf.constant(x))[name], want, name)
    operations = [node.op for node in run.graph.as_graph_def().library.function[0].node_def]
    assert "ExpandDims" in operations


def test_a_gradient_of_its_own_does_not_hinder_the_export(tmp_path):
    swish = tf.function(lambda x: {"y": tf.nn.swish(x)}, [tf.TensorSpec([None], name="x")])
    save_function(_frozen(swish), tmp_path)
    run = tf.saved_model.load(tmp_path).signatures["extract"]
    x = tf.constant([-1.0, 2.0])
    np.testing.assert_array_equal(run(x=x)["y"], tf.nn.swish(x))


@pytest.mark.slow
def test_an_operation_that_litert_has_no_form_for_is_named():
    model = tiny_of_kind("casrel")
    decode = model.decode

    def decode_oddly(inputs, threshold, max_pairs):
        floor = tf.floor(tf.cast(threshold, tf.float64))  # LiteRT supports it only in float32
        return decode(inputs, tf.cast(floor, tf.float32), max_pairs)

    model.decode = decode_oddly
    with pytest.raises(ValueError, match=r"tf\.Floor.*export a savedmodel"):
        litert_graph(model)


def test_keras_quantization_names_the_way_out():
    with pytest.raises(NotImplementedError, match="gplinker export"):
        tiny_of_kind("gplinker").quantize("int8")

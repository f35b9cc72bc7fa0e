"""Other functions of bert4keras's snippets: texts, parallel work, adversarial training, web API."""

import json
import threading
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest
from face_function_cases import snippet_cases

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras, layers, snippets

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_functions.npz")


def test_texts_sequences_and_arrays():
    assert snippet_cases(snippets) == GOLDEN["snippets"].tolist()
    assert snippets.strQ2B("ＡＢ１２（　）～a") == "AB12( )~a"
    with pytest.raises(ValueError, match="divides axis 0 of size 3"):
        snippets.orthogonally_resize(np.ones([3]), [6])
    with pytest.raises(ValueError, match="each of 1 axes"):
        snippets.orthogonally_resize(np.ones([3]), [6, 6])


@pytest.mark.parametrize("dummy", [False, True])
def test_parallel_work(dummy):
    taken = []

    def items():
        for number in range(40):
            taken.append(number)
            yield number

    with closing(
        snippets.parallel_apply_generator(lambda n: n * n, items(), 2, 3, dummy=dummy)
    ) as found:
        number, square = next(found)
        assert square == number**2 and len(taken) < 10
        assert {number: square, **dict(found)} == {n: n * n for n in range(40)}

    def failing(number):
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        snippets.parallel_apply(failing, [1, 0], 2, 3, dummy=dummy)
    seen = []
    assert snippets.parallel_apply(str, range(5), 2, 3, callback=seen.append, dummy=dummy) is None
    assert sorted(seen) == list("01234")
    ordered = snippets.parallel_apply(str, range(9), 3, 2, dummy=dummy, unordered=False)
    assert ordered == list("012345678")
    seeded = [
        snippets.parallel_apply(lambda _: np.random.random(), [0], 1, 3, None, dummy, [7])
        for _ in range(2)
    ]
    assert seeded[0] == seeded[1]


class Doubled(layers.Layer):
    """A stand-in for dropout that behaves differently in training."""

    def call(self, inputs, training=None):
        return inputs * 2 if training else inputs


def classifier():
    tokens = keras.layers.Input([3], dtype="int32")
    x = layers.Embedding(5, 2, name="Embedding-Token")(tokens)
    x = Doubled()(layers.Flatten()(x))
    return keras.models.Model(tokens, layers.Dense(1, activation="tanh", name="last")(x))


def test_adversarial_training_takes_the_gradients_of_perturbed_embeddings():
    model, twin = classifier(), classifier()
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=weight.shape) for weight in model.get_weights()]
    for one in (model, twin):
        one.set_weights(weights)
    tokens, labels = np.array([[0, 1, 1], [3, 1, 4]]), np.array([[1.0], [-1.0]], "float32")
    model.compile("sgd", "mse")
    model.optimizer.learning_rate = 0.1
    snippets.adversarial_training(model, "Embedding-Token", epsilon=0.5)
    history = model.fit(tokens, labels, verbose=0).history

    table = tf.convert_to_tensor(weights[0], tf.float32)

    def loss_and_gradients(training):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((twin(tokens, training=training) - labels) ** 2)
        gradients = tape.gradient(loss, list(twin.trainable_variables))
        return loss, [tf.convert_to_tensor(gradient) for gradient in gradients]

    _, (gradient, *_) = loss_and_gradients(training=False)
    twin.set_weights([table + 0.5 * gradient / tf.norm(gradient), *weights[1:]])
    loss, gradients = loss_and_gradients(training=True)
    for got, before, gradient in zip(model.get_weights(), weights, gradients, strict=True):
        np.testing.assert_allclose(got, before - 0.1 * gradient, atol=1e-6)
    assert history["loss"] == [pytest.approx(float(loss), rel=1e-5)]


def test_virtual_adversarial_training_moves_the_answers_together():
    """The labels are the model's own outputs, so the given labels have no effect."""
    model = classifier()
    model.compile("sgd", "mse")
    snippets.virtual_adversarial_training(model, "Embedding-Token", epsilon=0.3, xi=0.1, iters=2)
    tokens = np.array([[0, 1, 1], [3, 1, 4]])
    before = model.get_weights()
    first = model.train_on_batch(tokens, np.full([2, 1], 1e9))
    assert 0 < np.ravel(first)[0] < 4
    assert all(np.abs(a - b).max() > 0 for a, b in zip(before, model.get_weights(), strict=True))
    np.testing.assert_allclose(model.get_weights()[0][2], before[0][2], atol=1e-6)


def test_adversarial_training_of_what_it_cannot_train():
    model = classifier()
    with pytest.raises(ValueError, match=r"Expected a compiled model.*Call compile first"):
        snippets.adversarial_training(model, "Embedding-Token")
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"name of an Embedding layer.*embedding_name='last'"):
        snippets.adversarial_training(model, "last")


def test_a_web_service(capsys):
    web = snippets.WebServing(host="127.0.0.1", port=0)
    arguments = {"text": (None, True), "times": (int, False)}
    for method in ("GET", "POST"):
        web.route("/repeat", lambda text, times=2: text * times, arguments, method)
    thread = threading.Thread(target=web.start, daemon=True)
    thread.start()
    while not (shown := capsys.readouterr().out):
        thread.join(0.01)
    address = shown.split()[2].rstrip("/")

    def answer(parameters, data=None):
        with urlopen(f"{address}/repeat?{parameters}", data) as response:
            return json.load(response)

    assert answer("text=%E4%BD%A0&times=3") == {"code": 0, "desc": "succeeded", "data": "你你你"}
    assert answer("", b"text=a") == {"code": 0, "desc": "succeeded", "data": "aa"}
    assert answer("times=3") == {"code": 1, "desc": 'lack of "text" argument', "data": {}}
    failed = answer("text=a&times=b")
    assert failed["code"] == 2 and "invalid literal" in failed["desc"]
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{address}/other")

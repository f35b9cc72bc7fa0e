"""Effects of options on a step: rates, warm-up, decay, clipping, accumulation; and patience."""

from functools import cache
from itertools import chain

import numpy as np
import pytest
from test_trainer import evaluation_of, logs
from tiny import as_dataset, tiny_casrel, tiny_casrel_batch

from gplinker_tf.backend import resource_of, tf
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.preparation import new_optimizer

pytestmark = pytest.mark.slow


@cache
def movements(steps=1, accumulation=1, texts=4, **options):
    """Return the change of each weight of a tiny model, for the encoder and the task layers."""
    options = TrainingOptions(
        **{"averaging": None, "learning_rate": 0.01, "recipe": "blog"} | options
    )
    model = tiny_casrel()
    before = [np.array(weight) for weight in model.trainable_weights]
    optimizer = new_optimizer(model, options, steps)
    model.compile(optimizer, accumulation=accumulation)
    data = as_dataset(*tiny_casrel_batch(texts=texts), batch_size=texts)
    model.fit(data, steps_per_epoch=steps, verbose=0, shuffle=False)
    encoder = len(model.encoder.trainable_weights)
    moved = [np.array(w) - b for w, b in zip(model.trainable_weights, before, strict=True)]
    return moved[:encoder], moved[encoder:]


def test_the_task_layers_have_a_rate_of_their_own():
    encoder, layers = movements()
    same, tripled = movements(heads_rate=3.0)
    assert sum(np.abs(moved).max() for moved in layers) > 0.01
    for plain, other in zip(encoder, same, strict=True):
        np.testing.assert_allclose(other, plain, atol=1e-7)
    for plain, other in zip(layers, tripled, strict=True):
        np.testing.assert_allclose(other, 3 * plain, atol=1e-6)


@pytest.mark.parametrize(("accumulation", "texts"), [(3, 4), (8, 3)])
def test_parts_of_a_batch_take_the_step_of_the_whole(accumulation, texts):
    """Two steps are needed, because Adam's first step depends only on the gradient's sign."""
    whole = movements(steps=2, texts=texts)
    parts = movements(steps=2, texts=texts, accumulation=accumulation)
    for plain, other in zip(chain(*whole), chain(*parts), strict=True):
        np.testing.assert_allclose(other, plain, atol=2e-5)


def test_a_long_gradient_is_shortened():
    """Adam ignores the norm except for its epsilon, which matters if the norm is tiny."""
    _, plain = movements(clip_norm=1e9)
    _, unclipped = movements()
    _, clipped = movements(clip_norm=1e-7)
    for one, other, short in zip(plain, unclipped, clipped, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-7)
        assert np.abs(short).max() < 0.2 * np.abs(one).max() or not one.any()


def test_the_rate_rises_and_falls():
    options = TrainingOptions(learning_rate=1.0, warm_up=4, decay="linear", recipe="blog")
    model = tiny_casrel()
    optimizer = new_optimizer(model, options, steps=10)
    weights = model.trainable_variables
    places = [np.array(weights[0])[0, 0]]
    for _ in range(10):  # with equal gradients, Adam's step is the rate
        optimizer.apply_gradients([(-tf.ones(weight.shape), weight) for weight in weights])
        places.append(np.array(weights[0])[0, 0])
    assert int(resource_of(optimizer.iterations)) == 10
    rates = [0.25, 0.5, 0.75, 1.0, 1.0, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6]
    np.testing.assert_allclose(np.diff(places), rates, atol=1e-4)


def test_patience_ends_training(run_folder, tmp_path):
    callback = evaluation_of(run_folder, tmp_path, averaging=None)
    callback.patience = 2
    callback.model.stop_training = False
    callback.records = [{"epoch": 1, "f1": 0.9}]
    lines = []
    callback.report = lines.append
    for epoch, stops in ((1, False), (2, True)):
        callback.records[-1] |= dict.fromkeys(("loss", "entity_loss", "head_loss"), 1.0)
        callback.records[-1] |= {"tail_loss": 1.0, "precision": 0.9, "recall": 0.9}
        callback.on_epoch_end(epoch, logs())
        assert callback.model.stop_training is stops
    assert "No better F1 in 2 epochs" in lines[-1]

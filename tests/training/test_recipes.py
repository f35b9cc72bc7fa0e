"""Recipes: the settings for each number of texts, and the precedence of the user's options."""

import math

import pytest

from gplinker_tf import InputError
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.options import MODELS
from gplinker_tf.training.recipes import AUTO, BLOG

BLOG_TEXTS = 173_108


def chosen(options):
    return {name: getattr(options, name) for name in BLOG}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("pretrained", [True, False])
def test_any_amount_of_data_has_settings(model, pretrained):
    for texts in (1, 3, 40, 200, 355, 1_000, 4_799, 20_000, 63_000, BLOG_TEXTS):
        options = TrainingOptions(model).for_data(texts, pretrained=pretrained)
        assert AUTO not in chosen(options).values()
        steps = options.epochs * math.ceil(texts / options.batch_size)
        assert options.warm_up < steps and (steps >= 500 or options.epochs == 100), texts


def test_a_small_encoder_learns_faster_from_few_texts():
    rates = [
        TrainingOptions(model).for_data(texts, hidden_size).learning_rate
        for model, texts, hidden_size in (
            *(("gplinker", texts, 384) for texts in (100, 200, 500, 1_000, 2_000, 4_799)),
            *(("gplinker", 200, 768), ("casrel", 200, 384)),
        )
    ]
    assert rates == [3e-4, 3e-4, 2e-4, 1.4e-4, 1e-4, 1e-4, 5e-5, 1e-4]


def test_with_the_blogs_data_it_is_the_blogs():
    assert chosen(TrainingOptions().for_data(BLOG_TEXTS)) == {**BLOG, "long": "sentences"}
    assert chosen(TrainingOptions(recipe="blog")) == BLOG
    assert chosen(TrainingOptions().for_data(4_799)) != BLOG


def test_what_is_given_stays_and_the_rest_suits_it():
    given = {"epochs": 1, "clip_norm": None, "averaging": None, "decay": "constant"}
    options = TrainingOptions(**given).for_data(160)
    assert {name: getattr(options, name) for name in given} == given
    assert options.warm_up <= 160 // options.batch_size
    assert options.for_data(BLOG_TEXTS) == options


@pytest.mark.parametrize("name", BLOG)
def test_a_word_is_no_value(name):
    with pytest.raises(InputError, match=f"Received: {name}='many'"):
        TrainingOptions(**{name: "many"})

"""The training options of each model in the table."""

import pytest

from gplinker_tf import InputError
from gplinker_tf.comparison import VARIANTS, chosen_variants
from gplinker_tf.comparison.variants import BLOG_F1, REFERENCE, Sizes, options_of
from gplinker_tf.models import MODELS, GPLinkerOptions
from gplinker_tf.training import TrainingOptions


def test_a_variant_is_the_settings_and_what_is_its_own():
    settings = {"epochs": 3, "head_size": 32, "model": "casrel", "pointer": "standard", "seed": 9}
    gplinker = TrainingOptions(GPLinkerOptions(head_size=32), epochs=3, seed=2, tune="none")
    assert options_of("gplinker-efficient", settings, 2) == gplinker.for_data(texts=170_000)
    casrel = TrainingOptions("casrel", epochs=3, seed=2, tune="none").for_data(texts=170_000)
    assert options_of("casrel", settings, seed=2) == casrel
    blogs = options_of("casrel", {"recipe": "blog"}, seed=2, sizes=Sizes(500, 384))
    assert blogs == TrainingOptions("casrel", seed=2, recipe="blog")
    assert options_of("gplinker-standard", {}, 1).model.pointer == "standard"


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_can_be_trained(variant):
    own = VARIANTS[variant]
    assert own.get("model", "gplinker") in MODELS
    assert options_of(variant, {"epochs": 3}, seed=2).flat().items() >= own.items()


def test_with_few_texts_each_model_gets_settings_that_suit_it():
    sizes = Sizes(texts=500, hidden_size=384)
    for variant in VARIANTS:
        options = options_of(variant, {}, 1, sizes)
        own = {**VARIANTS[variant], "seed": 1, "tune": "none"}
        assert options == TrainingOptions.of(own).for_data(*sizes)
        assert options.heads_rate > 1 and options.batch_size == 8


def test_the_blogs_three_are_among_them():
    assert BLOG_F1.keys() <= VARIANTS.keys() and REFERENCE in VARIANTS


def test_names_with_commas_or_one_by_one():
    assert chosen_variants(["casrel, gplinker-standard", "tplinker"]) == [
        *("casrel", "gplinker-standard", "tplinker")
    ]
    assert chosen_variants([]) == list(VARIANTS)
    with pytest.raises(InputError, match=r"Expected one of casrel.*models='gplink'"):
        chosen_variants(["gplink"])

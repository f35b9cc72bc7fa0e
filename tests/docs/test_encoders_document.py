"""docs/encoders.md: its recipes for KerasHub run if keras_hub is installed."""

import re
from pathlib import Path

import pytest
from reference import requires_keras_3

from gplinker_tf.encoders import ENCODERS

TEXT = (Path(__file__).parents[2] / "docs" / "encoders.md").read_text("utf-8")


def test_it_names_every_family():
    assert re.findall(r"^\| `(\w+)` \| (?!trans)", TEXT, re.MULTILINE)[:9] == list(ENCODERS)


@requires_keras_3
def test_the_recipes_for_keras_hub():
    pytest.importorskip("keras_hub", exc_type=ImportError)
    recipes = (
        code for code in re.findall(r"```python\n(.*?)```", TEXT, re.S) if "backbone" in code
    )
    names: dict = {}
    for recipe, kind in zip(recipes, ["gplinker", "casrel"], strict=True):
        exec(recipe, names)
        assert names["model"].kind == kind
        assert names["model"].encoder.output_shape == (None, None, 16)

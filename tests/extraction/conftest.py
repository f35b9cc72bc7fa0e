"""An extractor shared by the tests of this folder, and texts for it."""

import pytest

from gplinker_tf import RelationExtractor
from gplinker_tf.data import read_examples


@pytest.fixture(scope="module")
def extractor(run_folder):
    return RelationExtractor.load(run_folder)


@pytest.fixture(scope="module")
def texts(sample):
    return [example.text for example in read_examples(sample / "dev_data.json", limit=40)]

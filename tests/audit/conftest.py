"""The sample corpus's tokenizer and schema, for the audit."""

import pytest

from gplinker_tf.data import read_schema
from gplinker_tf.tokenizers import BertTokenizer


@pytest.fixture(scope="module")
def tokenizer(sample):
    return BertTokenizer.from_folder(sample)


@pytest.fixture(scope="module")
def schema(sample):
    return read_schema(sample / "all_50_schemas")

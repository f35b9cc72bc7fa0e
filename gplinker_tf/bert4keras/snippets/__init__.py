"""`bert4keras.snippets`: files, texts, batches, decoding, and other helpers of scripts."""

from __future__ import annotations

from typing import NoReturn

from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.snippets.adversarial import (
    adversarial_training,
    virtual_adversarial_training,
)
from gplinker_tf.bert4keras.snippets.arguments import (
    delete_arguments,
    insert_arguments,
    is_one_of,
)
from gplinker_tf.bert4keras.snippets.arrays import (
    orthogonally_resize,
    sequence_padding,
    softmax,
    to_array,
    truncate_sequences,
)
from gplinker_tf.bert4keras.snippets.autoregressive_decoder import AutoRegressiveDecoder
from gplinker_tf.bert4keras.snippets.common_parts import (
    longest_common_subsequence,
    longest_common_substring,
)
from gplinker_tf.bert4keras.snippets.data_generator import DataGenerator
from gplinker_tf.bert4keras.snippets.files import open
from gplinker_tf.bert4keras.snippets.parallel import parallel_apply, parallel_apply_generator
from gplinker_tf.bert4keras.snippets.strings import (
    convert_to_str,
    convert_to_unicode,
    is_py2,
    is_string,
    lowercase_and_normalize,
    string_matching,
    strQ2B,
    text_segmentate,
    uniout,
)
from gplinker_tf.bert4keras.snippets.viterbi_decoder import ViterbiDecoder
from gplinker_tf.bert4keras.snippets.web_serving import WebServing

__all__ = [
    "AutoRegressiveDecoder",
    "DataGenerator",
    "ViterbiDecoder",
    "WebServing",
    "adversarial_training",
    "convert_to_str",
    "convert_to_unicode",
    "delete_arguments",
    "insert_arguments",
    "is_one_of",
    "is_py2",
    "is_string",
    "longest_common_subsequence",
    "longest_common_substring",
    "lowercase_and_normalize",
    "open",
    "orthogonally_resize",
    "parallel_apply",
    "parallel_apply_generator",
    "sequence_padding",
    "softmax",
    "strQ2B",
    "string_matching",
    "text_segmentate",
    "to_array",
    "truncate_sequences",
    "uniout",
    "virtual_adversarial_training",
]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)

"""Alignment: where words and characters of a text stand among its tokens."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "SEARCHES": "word_finder",
        "AlignedText": "aligned_text",
        "Place": "aligned_text",
        "WordFinder": "word_finder",
        "first_place": "token_strings",
        "span_fault": "span_faults",
        "token_string": "token_strings",
    },
)

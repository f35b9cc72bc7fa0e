"""Tokenizers: text to token ids, with the characters that each token stands for."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "BertTokenizer": "bert",
        "Normalizer": "normalizer",
        "is_cjk": "normalizer",
        "lowered": "normalizer",
        "read_lowercase": "vocabulary",
        "read_vocabulary": "vocabulary",
    },
)

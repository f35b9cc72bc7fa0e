"""Pretrained encoders: BERT, and what reads its checkpoints."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Bert": "bert",
        "BertConfig": "config",
        "EncoderFolder": "folder",
        "RandomSeeds": "dropout",
        "bert_from_config": "bert",
        "build_encoder": "transformer_model",
        "build_transformer_model": "transformer_model",
        "config_of_encoder": "sizes",
        "load_weights": "loading",
    },
)

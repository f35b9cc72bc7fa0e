"""Tiny random encoders of every family, in the layouts that users download."""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from gplinker_tf.encoders import ENCODERS

#: All built-in families except "roberta", which is a BERT.
FAMILIES = (
    *("bert", "albert", "albert_unshared", "nezha", "electra", "roformer", "roformer_v2"),
    "gau_alpha",
)
#: Families whose embeddings are narrower than their hidden states.
NARROW = ("albert", "albert_unshared", "electra", "roformer")

SIZES = {
    "vocab_size": 50,
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "max_position_embeddings": 160,
    "type_vocab_size": 2,
}


def sizes_of(name: str, **changes) -> dict:
    """Return the configuration of a tiny encoder."""
    own = {"embedding_size": 12} if name in NARROW else {}
    if name == "gau_alpha":
        own = {"hidden_act": "swish", "attention_key_size": 10}
    return {**SIZES, **own, **changes}


def encoder_of(name: str, **changes):
    """Build a tiny encoder whose weights are large enough that each one matters."""
    family = ENCODERS[name]
    encoder = family.build(family.config.from_dict(sizes_of(name, **changes)), name="encoder")
    random = np.random.default_rng(0)
    for weight in encoder.model.weights:
        values = random.normal(0.0, 0.3, tuple(weight.shape))
        scales = any(part in weight.name for part in ("gamma", "scale"))
        weight.assign(values.astype("float32") + scales)
    return encoder


def tensors_of(encoder) -> dict[str, np.ndarray]:
    """Return the weights of an encoder by Google's names."""
    return {
        name: weight.numpy()
        for layer, names in encoder.tensor_names().items()
        for name, weight in zip(names, encoder.layers[layer].weights, strict=True)
    }


def bert4keras_name(family: str, name: str) -> str:
    """Return the name of a tensor in the checkpoints that bert4keras reads."""
    if family == "electra":
        return f"electra/{name}"
    if family == "gau_alpha" and name.startswith("encoder/"):
        return f"GAU_alpha/{name}"
    return f"bert/{name}".replace("embeddings_project", "encoder/embedding_hidden_mapping_in")


def write_texts(folder: Path, name: str, config_name: str, **changes) -> None:
    """Write a configuration and a vocabulary."""
    config = json.dumps(sizes_of(name, **changes))
    (folder / config_name).write_text(config, encoding="utf-8")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(chr(0x4E00 + i) for i in range(46))]
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")


def write_google_of(folder: Path, name: str, encoder=None, **changes) -> Path:
    """Write a checkpoint with the names that bert4keras reads; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(folder, name, "bert_config.json", **changes)
    tensors = {
        bert4keras_name(name, tensor): value
        for tensor, value in tensors_of(encoder or encoder_of(name, **changes)).items()
    }
    tf.raw_ops.SaveV2(
        prefix=str(folder / "bert_model.ckpt"),
        tensor_names=list(tensors),
        shape_and_slices=[""] * len(tensors),
        tensors=list(tensors.values()),
    )
    return folder


def family_batch() -> list[np.ndarray]:
    """Return token and segment ids `[4, 140]`, longer than NEZHA's range; one row is empty."""
    random = np.random.default_rng(1)
    token_ids = random.integers(1, SIZES["vocab_size"], [4, 140]).astype("int32")
    for row, length in enumerate((140, 60, 7, 0)):
        token_ids[row, length:] = 0
    segment_ids = np.where(np.arange(140) > 4, token_ids != 0, 0).astype("int32")
    return [token_ids, segment_ids]


def output_and_gradients(model, weights: dict) -> dict[str, np.ndarray]:
    """Return a model's output, and gradients of a weighted sum of it for the given weights."""
    token_ids, segment_ids = family_batch()
    random = np.random.default_rng(2)
    with tf.GradientTape() as tape:
        output = model([tf.constant(token_ids), tf.constant(segment_ids)], training=False)
        loss = tf.reduce_sum(output * random.normal(size=output.shape).astype("float32"))
    gradients = tape.gradient(loss, list(weights.values()))
    facts = {"output": output.numpy()}
    for name, gradient in zip(weights, gradients, strict=True):
        facts[name] = tf.convert_to_tensor(gradient).numpy()
    return facts

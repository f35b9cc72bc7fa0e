"""A tiny random BERT in the two layouts that users download, with the same weights in both."""

import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

SIZES = {
    "vocab_size": 50,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "max_position_embeddings": 16,
    "type_vocab_size": 2,
    "initializer_range": 0.02,
}


def batch() -> list[np.ndarray]:
    """Return token and segment ids `[4, 9]`: rows of 9, 6, 1 and 0 tokens."""
    random = np.random.default_rng(1)
    token_ids = random.integers(1, SIZES["vocab_size"], [4, 9]).astype("int32")
    for row, length in enumerate((9, 6, 1, 0)):
        token_ids[row, length:] = 0
    segment_ids = np.where(np.arange(9) > 4, token_ids != 0, 0).astype("int32")
    return [token_ids, segment_ids]


def google_tensors() -> dict[str, np.ndarray]:
    """Return the tiny BERT's tensors by Google's names, large enough that each one matters."""
    random = np.random.default_rng(0)
    hidden, inner = SIZES["hidden_size"], SIZES["intermediate_size"]

    def values(*shape: int) -> np.ndarray:
        return random.normal(0.0, 0.3, shape).astype("float32")

    tensors = {
        "bert/embeddings/word_embeddings": values(SIZES["vocab_size"], hidden),
        "bert/embeddings/token_type_embeddings": values(2, hidden),
        "bert/embeddings/position_embeddings": values(SIZES["max_position_embeddings"], hidden),
        "cls/predictions/output_bias": values(SIZES["vocab_size"]),
    }
    scopes = ["bert/embeddings"]
    for index in range(SIZES["num_hidden_layers"]):
        layer = f"bert/encoder/layer_{index}"
        for name in ("query", "key", "value"):
            tensors[f"{layer}/attention/self/{name}/kernel"] = values(hidden, hidden)
            tensors[f"{layer}/attention/self/{name}/bias"] = values(hidden)
        tensors[f"{layer}/attention/output/dense/kernel"] = values(hidden, hidden)
        tensors[f"{layer}/attention/output/dense/bias"] = values(hidden)
        tensors[f"{layer}/intermediate/dense/kernel"] = values(hidden, inner)
        tensors[f"{layer}/intermediate/dense/bias"] = values(inner)
        tensors[f"{layer}/output/dense/kernel"] = values(inner, hidden)
        tensors[f"{layer}/output/dense/bias"] = values(hidden)
        scopes += [f"{layer}/attention/output", f"{layer}/output"]
    for scope in scopes:
        tensors[f"{scope}/LayerNorm/gamma"] = 1 + values(hidden)
        tensors[f"{scope}/LayerNorm/beta"] = values(hidden)
    return tensors


def write_google(folder: Path, tensors: dict[str, np.ndarray] | None = None, **sizes) -> Path:
    """Write bert_config.json, vocab.txt and bert_model.ckpt; return the folder."""
    tensors = google_tensors() if tensors is None else tensors
    _write_texts(folder, "bert_config.json", sizes)
    names = sorted(tensors)
    tf.raw_ops.SaveV2(
        prefix=str(folder / "bert_model.ckpt"),
        tensor_names=names,
        shape_and_slices=[""] * len(names),
        tensors=[tensors[name] for name in names],
    )
    return folder


def write_huggingface(
    folder: Path, dtype: str = "float32", prefix: str = "", old_names: bool = False, **sizes
) -> Path:
    """Write config.json, vocab.txt and model.safetensors; return the folder."""
    _write_texts(folder, "config.json", {"model_type": "bert", "layer_norm_eps": 1e-12, **sizes})
    save_file(huggingface_tensors(dtype, prefix, old_names), folder / "model.safetensors")
    return folder


def write_for_vocabulary(folder: Path, vocabulary: Path, positions: int) -> Path:
    """Write a tiny BERT with a given vocabulary and number of positions to a new folder."""
    folder.mkdir()
    tokens = vocabulary.read_bytes()
    sizes = {"vocab_size": len(tokens.splitlines()), "max_position_embeddings": positions}
    with patch.dict(SIZES, sizes):
        write_huggingface(folder)
    (folder / "vocab.txt").write_bytes(tokens)
    return folder


def huggingface_tensors(
    dtype: str = "float32", prefix: str = "", old_names: bool = False
) -> dict[str, np.ndarray]:
    """Return the tiny BERT's tensors by Hugging Face's names, with PyTorch's transposed kernels."""
    tensors = {}
    for name, value in google_tensors().items():
        if not name.startswith("bert/"):
            continue
        if name.endswith("/kernel"):
            value = value.T
        name = name.removeprefix("bert/").replace("layer_", "layer.").replace("/", ".")
        name = name.replace(".kernel", ".weight")
        if name.endswith("_embeddings"):
            name += ".weight"
        if not old_names:
            name = name.replace(".gamma", ".weight").replace(".beta", ".bias")
        tensors[prefix + name] = np.ascontiguousarray(value.astype(dtype))
    return tensors


def _write_texts(folder: Path, config_name: str, sizes: dict) -> None:
    (folder / config_name).write_text(json.dumps({**SIZES, **sizes}), encoding="utf-8")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(chr(0x4E00 + i) for i in range(46))]
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")

"""Tiny random checkpoints under the names that Google's have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tensorflow as tf

HIDDEN, INNER, HEADS, POSITIONS = 16, 32, 2, 512
SPECIAL = ["[PAD]", *(f"[unused{number}]" for number in range(1, 4)), "[UNK]", "[CLS]", "[SEP]"]


def vocabulary(characters: Iterable[str]) -> list[str]:
    """Tokens of a vocabulary that has each of the characters, alone and within a word."""
    kept = sorted({c.lower() for c in characters if c.isprintable() and not c.isspace()})
    return [*SPECIAL, "[MASK]", *kept, *(f"##{c}" for c in kept if c.isascii() and c.isalnum())]


def write_config(path: Path, tokens: int, layers: int) -> None:
    """Writes the sizes of a tiny encoder as Google's `bert_config.json` has them."""
    sizes = {
        "attention_probs_dropout_prob": 0.1,
        "directionality": "bidi",
        "embedding_size": HIDDEN,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": HIDDEN,
        "initializer_range": 0.02,
        "intermediate_size": INNER,
        "max_position_embeddings": POSITIONS,
        "num_attention_heads": HEADS,
        "num_hidden_layers": layers,
        "type_vocab_size": 2,
        "vocab_size": tokens,
    }
    path.write_text(json.dumps(sizes), "utf-8")


def write_checkpoint(prefix: Path, tokens: int, layers: int) -> None:
    """Writes the weights of all families that share Google's names: BERT, NEZHA, ALBERT, ..."""
    shapes = {
        "bert/embeddings/word_embeddings": (tokens, HIDDEN),
        "bert/embeddings/token_type_embeddings": (2, HIDDEN),
        "bert/embeddings/position_embeddings": (POSITIONS, HIDDEN),
        **_norm("bert/embeddings/LayerNorm"),
        **_dense("bert/encoder/embedding_hidden_mapping_in"),
        **_dense("bert/pooler/dense"),
        **_dense("cls/predictions/transform/dense"),
        **_norm("cls/predictions/transform/LayerNorm"),
        "cls/predictions/output_bias": (tokens,),
        "cls/seq_relationship/output_weights": (2, HIDDEN),
        "cls/seq_relationship/output_bias": (2,),
    }
    for number in range(layers):
        layer = f"bert/encoder/layer_{number}"
        shapes |= _attention(f"{layer}/attention/self", f"{layer}/attention/output/dense")
        shapes |= _norm(f"{layer}/attention/output/LayerNorm")
        shapes |= _dense(f"{layer}/intermediate/dense", HIDDEN, INNER)
        shapes |= _dense(f"{layer}/output/dense", INNER, HIDDEN)
        shapes |= _norm(f"{layer}/output/LayerNorm")
    shared = "bert/encoder/transformer/group_0/inner_group_0"
    shapes |= _attention(f"{shared}/attention_1/self", f"{shared}/attention_1/output/dense")
    shapes |= _norm(f"{shared}/LayerNorm") | _norm(f"{shared}/LayerNorm_1")
    shapes |= _dense(f"{shared}/ffn_1/intermediate/dense", HIDDEN, INNER)
    shapes |= _dense(f"{shared}/ffn_1/intermediate/output/dense", INNER, HIDDEN)
    random = np.random.default_rng(0)
    tf.raw_ops.SaveV2(
        prefix=str(prefix),
        tensor_names=list(shapes),
        shape_and_slices=[""] * len(shapes),
        tensors=[
            random.normal(float(name.endswith("gamma")), 0.02, shape).astype("float32")
            for name, shape in shapes.items()
        ],
    )


def _dense(name: str, inputs: int = HIDDEN, outputs: int = HIDDEN) -> dict[str, tuple[int, ...]]:
    return {f"{name}/kernel": (inputs, outputs), f"{name}/bias": (outputs,)}


def _norm(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}/beta": (HIDDEN,), f"{name}/gamma": (HIDDEN,)}


def _attention(name: str, output: str) -> dict[str, tuple[int, ...]]:
    parts = (_dense(f"{name}/{part}") for part in ("query", "key", "value"))
    return {key: shape for part in parts for key, shape in part.items()} | _dense(output)

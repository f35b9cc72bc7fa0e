"""Tiny random encoders, saved as the checkpoints that scripts load."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from gplinker_tf.bert4keras.models import build_transformer_model

SPECIAL = ["[PAD]", *(f"[unused{number}]" for number in range(1, 4)), "[UNK]", "[CLS]", "[SEP]"]
SIZES = {
    "attention_probs_dropout_prob": 0.1,
    "embedding_size": 16,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 16,
    "initializer_range": 0.02,
    "intermediate_size": 32,
    "max_position_embeddings": 512,
    "num_attention_heads": 2,
    "type_vocab_size": 2,
}
#: The heads that some scripts also load.
HEADS = {"with_pool": True, "with_nsp": True, "with_mlm": True}
#: The encoder family by a part of the path; otherwise BERT.
FAMILIES = {"albert": "albert", "NEZHA": "nezha", "roformer-v2": "roformer_v2"}
CHECKPOINT = "model.ckpt"


def vocabulary(characters: Iterable[str]) -> list[str]:
    """Return a vocabulary with each of the characters, alone and within a word."""
    kept = sorted({c.lower() for c in characters if c.isprintable() and not c.isspace()})
    return [*SPECIAL, "[MASK]", *kept, *(f"##{c}" for c in kept if c.isascii() and c.isalnum())]


class Encoders:
    """Tiny encoders of each family, made on first use.

    Args:
        folder: the folder to keep them in, which is emptied first.
        tokens: the vocabulary of the encoders.
    """

    def __init__(self, folder: Path, tokens: list[str]) -> None:
        self._folder, self._tokens = folder, tokens
        self._making = threading.Lock()
        shutil.rmtree(folder, ignore_errors=True)

    def copy_config(self, path: Path, layers: int) -> None:
        """Write the configuration to a path, and the vocabulary next to it."""
        kept = self._kept(path, layers)
        shutil.copy(kept / "config.json", path)
        shutil.copy(kept / "vocab.txt", path.with_name("vocab.txt"))

    def copy_checkpoint(self, prefix: Path, layers: int) -> None:
        """Write the files of the checkpoint, whose names start with `prefix`."""
        for file in self._kept(prefix, layers).glob(f"{CHECKPOINT}.*"):
            shutil.copy(file, f"{prefix}{file.name.removeprefix(CHECKPOINT)}")

    def _kept(self, path: Path, layers: int) -> Path:
        parts = str(path.relative_to(path.parents[1]))
        family = next((FAMILIES[part] for part in FAMILIES if part in parts), "bert")
        folder = self._folder / f"{family}-{layers}"
        with self._making:
            if not folder.is_dir():
                self._make(folder, family, layers)
        return folder

    def _make(self, folder: Path, family: str, layers: int) -> None:
        folder.mkdir(parents=True)
        config = folder / "config.json"
        sizes = {**SIZES, "vocab_size": len(self._tokens), "num_hidden_layers": layers}
        config.write_text(json.dumps(sizes), "utf-8")
        folder.joinpath("vocab.txt").write_text("\n".join(self._tokens) + "\n", "utf-8")
        heads = {"with_mlm": True} if family == "roformer_v2" else HEADS
        encoder = build_transformer_model(config, model=family, return_keras_model=False, **heads)
        encoder.save_weights_as_checkpoint(folder / CHECKPOINT)

"""An encoder folder as users download it: configuration, vocabulary, weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf._reprs import shortened_path
from gplinker_tf.backend import keras
from gplinker_tf.encoders.base import EncoderFamily
from gplinker_tf.encoders.checkpoints.loading import load_checkpoint
from gplinker_tf.encoders.checkpoints.safetensors import INDEX, WEIGHTS, conversion_advice
from gplinker_tf.encoders.registry import family_of
from gplinker_tf.errors import InputError
from gplinker_tf.tokenizers import read_lowercase

CONFIGS = ("bert_config.json", "config.json")
GOOGLE_INDEX = "bert_model.ckpt.index"


@dataclass(frozen=True)
class EncoderFolder:
    """Where the parts of a pretrained encoder lie.

    Args:
        config_path: `bert_config.json` or `config.json`.
        vocab_path: `vocab.txt`.
        checkpoint_path: the TensorFlow prefix or the safetensors file; `None` where the folder
            contains no weights.
        lowercase: whether the vocabulary wants lower-cased text: `do_lower_case` of
            `tokenizer_config.json`, else true.

    Example:

    >>> import json, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "config.json").write_text(json.dumps({
    ...     "vocab_size": 3, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16}))
    >>> _ = (folder / "vocab.txt").write_text("[PAD]\\n[CLS]\\n[SEP]\\n")
    >>> encoder = EncoderFolder.open(folder, weights_required=False)
    >>> encoder.build(num_layers=1).output_shape
    (None, None, 8)
    """

    config_path: Path
    vocab_path: Path
    checkpoint_path: Path | None
    lowercase: bool = True

    def __repr__(self) -> str:
        folder = shortened_path(self.config_path.parent)
        return f"EncoderFolder({folder}, lowercase={self.lowercase})"

    @classmethod
    def open(cls, path: str | Path, weights_required: bool = True) -> EncoderFolder:
        """Looks through a folder in Google's or Hugging Face's layout.

        Args:
            path: the folder.
            weights_required: whether a folder without weights is an error.

        Raises:
            InputError: a part is missing; the message names what was looked for.
        """
        folder = Path(path)
        if not folder.is_dir():
            raise InputError(f"{folder}: Expected an encoder folder. There is no such folder.")
        checkpoint_path = _find_checkpoint(folder)
        if checkpoint_path is None and weights_required:
            raise InputError(_missing_checkpoint(folder))
        return cls(
            config_path=_first(folder, CONFIGS),
            vocab_path=_first(folder, ("vocab.txt",)),
            checkpoint_path=checkpoint_path,
            lowercase=read_lowercase(folder / "tokenizer_config.json"),
        )

    def config(self, num_layers: int | None = None) -> dict[str, Any]:
        """Family and sizes of the encoder, of which `encoder_from_config` builds it without this
        folder.

        Args:
            num_layers: the first so many blocks only.

        Returns:
            Plain values for a JSON file.

        Raises:
            InputError: the file is broken, or describes no encoder of a known family, or one with
                fewer blocks.
        """
        family = self._family()
        sizes = family.config.from_json(self.config_path)
        config = {"family": family.name, **sizes.to_dict()}
        blocks = config["num_hidden_layers"]
        if num_layers is None:
            return config
        if not 1 <= num_layers <= blocks:
            raise InputError(
                f"{self.config_path}: Expected 1 to {blocks} encoder layers. "
                f"Received: num_layers={num_layers}."
            )
        return config | {"num_hidden_layers": num_layers}

    def build(self, num_layers: int | None = None) -> keras.Model:
        """The encoder, with the folder's weights if it holds any.

        Args:
            num_layers: the first so many blocks only.

        Returns:
            A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`.

        Raises:
            InputError: configuration, vocabulary and weights do not fit together.
        """
        sizes = self.config(num_layers)
        family = family_of(sizes)
        config = family.config.from_dict(sizes)
        with self.vocab_path.open("rb") as lines:
            tokens = sum(1 for _ in lines)
        if tokens != config.vocab_size:
            raise InputError(
                f"{self.vocab_path}: Expected {config.vocab_size} lines, the vocab_size in "
                f"{self.config_path}. Received: {tokens} lines. "
                "Use the vocabulary that belongs to the encoder."
            )
        encoder = family.build(config, name="encoder")
        if self.checkpoint_path is not None:
            load_checkpoint(encoder, self.checkpoint_path)
        return encoder.model

    def _family(self) -> EncoderFamily:
        """The family that the configuration file names."""
        try:
            values = json.loads(self.config_path.read_text("utf-8"))
        except (OSError, ValueError):  # the sizes' own reader says what is wrong
            values = None
        try:
            return family_of(values if isinstance(values, dict) else {})
        except ValueError as error:
            raise InputError(f"{self.config_path}: {error}") from None


def _find_checkpoint(folder: Path) -> Path | None:
    for name in (WEIGHTS, INDEX):
        if (folder / name).is_file():
            return folder / name
    if (folder / GOOGLE_INDEX).is_file():
        return folder / GOOGLE_INDEX.removesuffix(".index")
    return None


def _missing_checkpoint(folder: Path) -> str:
    pickle = folder / "pytorch_model.bin"
    if pickle.is_file():
        return conversion_advice(pickle)
    return (
        f"{folder}: Expected a checkpoint, one of {GOOGLE_INDEX} (Google), {WEIGHTS} or {INDEX} "
        "(Hugging Face). The folder has none."
    )


def _first(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{folder}: Expected {' or '.join(names)}. The folder has none.")

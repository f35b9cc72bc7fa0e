"""A folder with a pretrained encoder: configuration, vocabulary and weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf._reprs import shortened_path
from gplinker_tf.backend import keras
from gplinker_tf.encoders.base import EncoderFamily
from gplinker_tf.encoders.checkpoints.loading import FILES, load_checkpoint
from gplinker_tf.encoders.hub import PREFIX, download, is_hub_address
from gplinker_tf.encoders.registry import family_of
from gplinker_tf.encoders.transformer_config import read_json_object
from gplinker_tf.errors import InputError
from gplinker_tf.tokenizers import read_lowercase

CONFIGS = ("bert_config.json", "config.json", "albert_config.json", "electra_config.json")
GOOGLE_INDEX = "bert_model.ckpt.index"


@dataclass(frozen=True)
class EncoderFolder:
    """The files of a pretrained encoder.

    Args:
        config_path: `bert_config.json`, `config.json` or similar.
        vocab_path: `vocab.txt`.
        checkpoint_path: the TensorFlow prefix or one of Hugging Face's files; `None` if the
            folder contains no weights.
        lowercase: whether the vocabulary expects lowercase text: `do_lower_case` of
            `tokenizer_config.json`, or True if not given.
        family: the requested family; `None` for the one in the configuration, which defaults to
            BERT.
        address: the address it was downloaded from, with the commit; `None` for a local folder.

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
    family: str | None = None
    address: str | None = None

    def __repr__(self) -> str:
        folder = shortened_path(self.config_path.parent)
        return f"EncoderFolder({folder}, lowercase={self.lowercase})"

    @property
    def place(self) -> str:
        """The address or path under which another run finds the same encoder."""
        return self.address or str(self.config_path.parent.resolve())

    @classmethod
    def open(
        cls, path: str | Path, weights_required: bool = True, family: str | None = None
    ) -> EncoderFolder:
        """Find the files in a folder with Google's or Hugging Face's layout.

        Args:
            path: the folder, or `hf://OWNER/NAME[@REVISION]`, which is downloaded.
            weights_required: whether a folder without weights is an error.
            family: the family, if the configuration does not name it.

        Raises:
            InputError: a file is missing; the message names the expected files.
        """
        address = None
        if is_hub_address(path):
            path, address = download(path, weights_required)
        folder = Path(path)
        if not folder.is_dir():
            raise InputError(
                f"{folder}: Expected an encoder folder. There is no such folder. For a model on "
                f"the Hugging Face Hub, use {PREFIX}OWNER/NAME."
            )
        checkpoint_path = _find_checkpoint(folder)
        if checkpoint_path is None and weights_required:
            raise InputError(_missing_checkpoint(folder))
        return cls(
            config_path=_first(folder, CONFIGS),
            vocab_path=_first(folder, ("vocab.txt",)),
            checkpoint_path=checkpoint_path,
            lowercase=read_lowercase(folder / "tokenizer_config.json"),
            family=family,
            address=address,
        )

    def config(self, num_layers: int | None = None) -> dict[str, Any]:
        """Return family and sizes, from which `encoder_from_config` builds the encoder.

        Args:
            num_layers: the number of blocks to use, from the first; defaults to all.

        Returns:
            Plain values for a JSON file.

        Raises:
            InputError: the file is broken, does not describe an encoder of a known family, or
                describes one with fewer blocks.
        """
        family = self._family()
        # The family is already known; if it was requested, the file may name another one.
        sizes = family.config.from_json(self.config_path, model_type=None)
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
        """Build the encoder, with the folder's weights if it has any.

        Args:
            num_layers: the number of blocks to use, from the first; defaults to all.

        Returns:
            A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`.

        Raises:
            InputError: configuration, vocabulary and weights do not match.
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
        """Return the requested family, or the one that the configuration file names."""
        config = read_json_object(self.config_path)
        try:
            return family_of(config, self.family)
        except ValueError as error:
            raise InputError(f"{self.config_path}: {error}") from None


def _find_checkpoint(folder: Path) -> Path | None:
    """Return the checkpoint to use: safetensors, else Google's, else other Hugging Face files."""
    google = sorted(folder.glob("*.ckpt*.index"))
    if (folder / GOOGLE_INDEX) in google:
        google = [folder / GOOGLE_INDEX]
    if len(google) > 1:
        raise InputError(
            f"{folder}: Expected one TensorFlow checkpoint. Received: "
            f"{', '.join(path.name for path in google)}. Move the others out of the folder."
        )
    prefixes = [path.with_suffix("") for path in google]
    stored = [path for name in FILES if (path := folder / name).is_file()]
    safe = [path for path in stored if ".safetensors" in path.name]
    return next(iter([*safe, *prefixes, *stored]), None)


def _missing_checkpoint(folder: Path) -> str:
    return (
        f"{folder}: Expected a checkpoint, one of {GOOGLE_INDEX} (Google), {', '.join(FILES)} "
        "(Hugging Face). The folder has none."
    )


def _first(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{folder}: Expected {' or '.join(names)}. The folder has none.")

"""Encoders on the Hugging Face Hub, by addresses such as `hf://hfl/chinese-roberta-wwm-ext`."""

from __future__ import annotations

import re
from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.extras import require

PREFIX = "hf://"
#: An address that was turned into a path has one slash instead of two.
ADDRESS = re.compile(r"hf:/+(?P<name>[\w.-]+(?:/[\w.-]+)?)(?:@(?P<revision>[^@\s]+))?")

TEXTS = ["*config*.json", "vocab.txt"]
#: Patterns of weight files; the first ones that a model has are used.
WEIGHTS = (["model*.safetensors*"], ["*.ckpt*"], ["pytorch_model.bin"], ["tf_model.h5"])


def is_hub_address(path: str | Path) -> bool:
    """Return whether a path is the address of a model on the Hub.

    Example:

    >>> is_hub_address("hf://hfl/chinese-roberta-wwm-ext"), is_hub_address("zh-e5-small")
    (True, False)
    """
    return str(path).startswith("hf:/")


def download(address: str | Path, weights: bool = True) -> tuple[Path, str]:
    """Return the folder of a model in the Hub's cache, after downloading it if needed.

    Only the files that an encoder needs are downloaded; with `HF_HUB_OFFLINE=1`, none are.

    Args:
        address: `hf://OWNER/NAME`, with `@REVISION` for a branch, a tag or a commit.
        weights: whether the weights are needed too.

    Returns:
        The folder, and the address with the commit that the revision refers to.

    Raises:
        InputError: the address is not valid, huggingface_hub is not installed, or the model is
            neither in the cache nor on the Hub.
    """
    found = ADDRESS.fullmatch(str(address))
    if found is None:
        raise InputError(
            f"Expected {PREFIX}OWNER/NAME or {PREFIX}OWNER/NAME@REVISION. Received: {address}."
        )
    require("huggingface_hub", f"{address}: a download", "pass a folder")
    name, revision = found["name"], found["revision"]
    folder = _snapshot(name, revision, TEXTS)
    for patterns in WEIGHTS if weights else ():
        if any(path for pattern in patterns for path in folder.glob(pattern)):
            break
        folder = _snapshot(name, folder.name, [*TEXTS, *patterns])
    return folder, f"{PREFIX}{name}@{folder.name}"


def _snapshot(name: str, revision: str | None, patterns: list[str]) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=patterns))
    except (HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        reason = f"{type(error).__name__}: {reason}"
        if isinstance(error, LocalEntryNotFoundError):
            reason = "it is not in the cache, and the Hub could not be reached"
        wanted = name if revision is None else f"{name}@{revision}"
        raise InputError(
            f"{PREFIX}{wanted}: Expected a model in the cache of the Hugging Face Hub, or on the "
            f"Hub. Received: {reason}. Check the name and the connection, unset HF_HUB_OFFLINE to "
            "download it, or pass a folder."
        ) from None

"""Tells the checkpoint of another family by the tensors that the model has no layer for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.encoders.checkpoints.google import checkpoint_prefix

#: Blocks and learned positions: the parts in which the families differ.
PARTS = re.compile(
    r"(embeddings/position_embeddings"
    r"|encoder/layer_(?P<block>\d+)/.*/(kernel|bias|beta|gamma)"
    r"|encoder/transformer/group_0/inner_group_0/.*/(kernel|bias|beta|gamma))"
)


def foreign_tensor(checkpoint: Any, taken: set[str], num_hidden_layers: int) -> str | None:
    """The first tensor of a block or of positions that the model does not take, or `None`.

    Further blocks, heads and what an optimizer stores do not count. Of Hugging Face's files,
    whose configuration names the family, none does.

    Args:
        checkpoint: a path, or a dict from names to arrays.
        taken: the tensors that the model takes.
        num_hidden_layers: blocks of the model.
    """
    scopes = {name.partition("/")[0] for name in taken}
    for name in sorted(_names(checkpoint)):
        scope, _, rest = name.partition("/")
        match = PARTS.fullmatch(rest) if scope in scopes else None
        if match and int(match["block"] or 0) < num_hidden_layers and name not in taken:
            return name
    return None


def _names(checkpoint: Any) -> list[str]:
    if isinstance(checkpoint, dict):
        return list(checkpoint)
    prefix = checkpoint_prefix(checkpoint)
    if not Path(f"{prefix}.index").is_file():
        return []
    return [name for name, _ in tf.train.list_variables(prefix)]

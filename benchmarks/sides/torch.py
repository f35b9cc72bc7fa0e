"""Torch with two threads: pointer layers and loss of bert4torch 0.6.2, BERT of transformers."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.inputs import pointer_inputs, training_inputs

torch.set_num_threads(2)


def pointer(kind: str, texts: int, length: int, labels: int, hidden_size: int) -> dict:
    """Prepare a pointer layer and its sparse loss, forward and backward."""
    _open_bert4torch()
    from bert4torch.layers.global_point import EfficientGlobalPointer, GlobalPointer
    from bert4torch.losses import SparseMultilabelCategoricalCrossentropy

    layers = {"efficient": EfficientGlobalPointer, "standard": GlobalPointer}
    layer = layers[kind](hidden_size, labels, 64, RoPE=False, tril_mask=False)
    loss_of = SparseMultilabelCategoricalCrossentropy(mask_zero=True)

    def work(length: int) -> Callable[[int], Any]:
        inputs = pointer_inputs(texts, length, labels, hidden_size)
        hidden = torch.tensor(inputs["hidden"], requires_grad=True)
        mask = torch.tensor(inputs["mask"]).long()
        pairs = torch.tensor(inputs["pairs"]).long()

        def step(turn: int) -> float:
            layer.zero_grad()
            hidden.grad = None
            logits = layer(hidden, mask=mask)
            cells = pairs[..., 0] * length + pairs[..., 1]
            losses = loss_of(logits.reshape(texts, labels, -1), cells)
            loss = losses.sum(dim=1).mean()
            loss.backward()
            return float(loss.detach())

        return step

    return {"step": work(length), "small": work(16)}


def _open_bert4torch() -> None:
    """Make its modules importable without its `__init__` files, which require torchvision."""
    paths = importlib.util.find_spec("bert4torch").submodule_search_locations
    for name, folders in (
        ("bert4torch", paths),
        ("bert4torch.layers", [f"{path}/layers" for path in paths]),
    ):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = folders


def bert_base() -> dict:
    """Prepare inference with BERT base on 8 texts of 128 tokens."""
    from transformers import BertConfig, BertModel

    model = BertModel(BertConfig(vocab_size=21128)).eval()
    (token_ids, _), _ = training_inputs(8, 128, 1, 21128)
    token_ids = torch.tensor(token_ids).long()
    mask = (token_ids != 0).long()

    def forward(turn: int) -> bool:
        with torch.inference_mode():
            return model(token_ids, attention_mask=mask).last_hidden_state is None

    return {"forward": forward}

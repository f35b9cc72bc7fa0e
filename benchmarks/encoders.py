"""Time of each encoder family, compared with BERT and with bert4keras: docs/encoders.md.

    python -m benchmarks.encoders --blocks 2

The encoders are as wide as BERT base and read 8 texts of 128 tokens, in a forward pass and in a
training step (forward and backward pass, no optimizer). The families of both libraries take turns.
A step counts as three times the operations of a forward pass. The vocabulary is small, because an
embedding lookup takes no operations. Ratios are given for wall time and for processor time.
"""

from __future__ import annotations

from statistics import median
from typing import Annotated, Any

import typer
from tqdm import tqdm

from benchmarks.command import TurnsOption, run_command
from benchmarks.timing import Seconds
from benchmarks.worker import Worker

#: The sizes of each family that differ from those of BERT base.
FAMILIES: dict[str, dict[str, Any]] = {
    "bert": {},
    "roberta": {},
    "albert": {"embedding_size": 128},
    "albert_unshared": {"embedding_size": 128},
    "electra": {},
    "nezha": {},
    "roformer": {},
    "roformer_v2": {},
    "gau_alpha": {"intermediate_size": 1536, "attention_key_size": 128, "hidden_act": "swish"},
}
BASE = {
    "vocab_size": 2000,
    "hidden_size": 768,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "gelu",
    "dropout_rate": 0.1,
    "attention_dropout_rate": 0.1,
    "max_position": 512,
    "segment_vocab_size": 2,
}
TEXTS, LENGTH = 8, 128
WORKS = [(name, kind) for name in FAMILIES for kind in ("forward", "step")]


def main(
    blocks: Annotated[int, typer.Option(help="Number of transformer blocks.")] = 2,
    turns: TurnsOption = 11,
) -> None:
    """Measure the encoder families."""
    families = {name: sizes_of(name, blocks) for name in FAMILIES}
    arguments = {"families": families, "texts": TEXTS, "length": LENGTH}
    with (
        Worker("ours:encoders", **arguments) as ours,
        Worker("bert4keras:encoders", **arguments) as other,
    ):
        times = measure({"ours": ours, "bert4keras": other}, turns)
    print("| family | pass | GFLOP | ours | per FLOP, BERT = 1 | bert4keras | ours / bert4keras |")
    print("|---|---|---|---|---|---|---|")
    for name, kind in WORKS:
        own, theirs = times["ours", name, kind], times["bert4keras", name, kind]
        work = flops(name, families[name]) * (3 if kind == "step" else 1)
        cost = flops(name, families[name]) / flops("bert", families["bert"])
        milliseconds = [
            f"{median(took.clock for took in values) * 1e3:.0f} ms" for values in (own, theirs)
        ]
        print(
            f"| {name} | {kind} | {work / 1e9:.1f} "
            f"| {milliseconds[0]} | {ratios(own, times['ours', 'bert', kind], cost)} "
            f"| {milliseconds[1]} | {ratios(own, theirs)} |"
        )


def ratios(own: list[Seconds], others: list[Seconds], cost: float = 1.0) -> str:
    """Return the median of own / others / cost over the turns: wall, then processor time."""
    turns = list(zip(own, others, strict=True))
    kinds = (median(a[kind] / b[kind] for a, b in turns) / cost for kind in (0, 1))
    return ", ".join(f"{ratio:.2f}" for ratio in kinds)


def sizes_of(name: str, blocks: int) -> dict[str, Any]:
    """Return the sizes of a family's encoder."""
    blocks = 2 * blocks if name == "gau_alpha" else blocks  # two units replace one block
    return {**BASE, **FAMILIES[name], "num_hidden_layers": blocks}


def measure(workers: dict[str, Worker], turns: int) -> dict[tuple[str, str, str], list[Seconds]]:
    """Return the times of each task on each side, one per turn."""
    works = [(side, *work) for work in WORKS for side in workers]
    seconds: dict[tuple[str, str, str], list[Seconds]] = {work: [] for work in works}
    for turn in tqdm(range(-1, turns), "turns"):
        for side, name, kind in works:
            took = workers[side].seconds(f"{name} {kind}")
            if turn >= 0:  # the first one traces
                seconds[side, name, kind].append(took)
    return seconds


def flops(name: str, sizes: dict[str, Any]) -> float:
    """Return the FLOPs of a forward pass: two per weight and token, plus attention."""
    hidden, inner, blocks = (
        sizes[size] for size in ("hidden_size", "intermediate_size", "num_hidden_layers")
    )
    if name == "gau_alpha":
        key = sizes["attention_key_size"]
        weights, attention = hidden * (3 * inner + key), LENGTH * (inner + key)
    else:
        weights, attention = 4 * hidden**2 + 2 * hidden * inner, 2 * LENGTH * hidden
        attention *= 2 if name == "nezha" else 1
    mapping = hidden * sizes.get("embedding_size", 0)
    return 2.0 * TEXTS * LENGTH * (blocks * (weights + attention) + mapping)


if __name__ == "__main__":
    run_command(main)

"""Memory and speed of training steps on the first GPU, with full-length texts: docs/gpu.md.

    python -m benchmarks.gpu --data lic2019 --encoder chinese_L-12_H-768_A-12

Each row runs in its own process: two steps to trace and compile, then 30 steps that are timed, one
row at a time. Without a GPU, it measures the speed on the CPU and no GPU memory. The encoder folder
need not contain weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Lock
from typing import Annotated, Any, NamedTuple

import typer
from tqdm import tqdm

from benchmarks.command import DataOption, EncoderOption, run_command
from benchmarks.timing import seconds_of
from benchmarks.worker import figures_or_failure
from gplinker_tf import TrainingOptions
from gplinker_tf.comparison.machine import machine, peak_mebibytes
from gplinker_tf.comparison.worker import Worker
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder

#: Texts per step and tokens per text.
SHAPES = ((16, 128), (64, 128), (16, 512))

#: The precision, and whether XLA compiles the layers.
MODES = (
    ("float32", False),
    ("mixed_bfloat16", False),
    ("float32", True),
    ("mixed_bfloat16", True),
)

WARM_UP, STEPS = 2, 30


class Cell(NamedTuple):
    """One row: a training step with a batch size, length, precision and compiler."""

    batch_size: int
    length: int
    precision: str
    jit: bool


def main(
    data: DataOption,
    encoder: EncoderOption,
    parallel: Annotated[int, typer.Option(help="Rows to trace and compile at a time.")] = 1,
    output: Annotated[Path, typer.Option(help="Results file, as JSON lines.")] = Path("gpu.jsonl"),
) -> None:
    """Measure GPLinker's training steps on a GPU."""
    cells = [Cell(*shape, *mode) for shape, mode in product(SHAPES, MODES)]
    with TemporaryDirectory() as folder, output.open("w") as lines:
        for length in {length for _, length in SHAPES}:
            long_texts(data, length, Path(folder, str(length)))
        typer.echo(f"{'batch':>5} {'length':>6} {'':26} {'GPU MiB':>8} {'texts/s':>8}")
        groups = [cells[start : start + parallel] for start in range(0, len(cells), parallel)]
        results = (row for group in groups for row in measure(group, Path(folder), encoder))
        for cell, result in tqdm(results, total=len(cells), unit=" rows"):
            lines.write(json.dumps({**cell._asdict(), **result}) + "\n")
            lines.flush()
            tqdm.write(line(cell, result))


def measure(cells: list[Cell], data: Path, encoder: Path) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """Measure each row in a new process; a row that fails has the reason under `failure`."""
    all_ready, alone = Barrier(len(cells)), Lock()

    def figures(worker: Worker, cell: Cell) -> dict[str, Any]:
        try:
            worker.call(warm_up, cell, data / str(cell.length), encoder)
        finally:
            all_ready.wait()
        with alone:
            return {**worker.call(timed), "machine": worker.call(machine)}

    def row(cell: Cell) -> tuple[Cell, dict[str, Any]]:
        return cell, figures_or_failure(lambda worker: figures(worker, cell))

    with ThreadPoolExecutor(len(cells)) as pool:
        yield from pool.map(row, cells)


def long_texts(data: Path, length: int, folder: Path) -> None:
    """Write a data folder whose texts are joined until they have more than `length` tokens."""
    opened = DataFolder.open(data)
    joined: list[dict[str, Any]] = [{"text": "", "spo_list": []}]
    for line in opened.train.read_text("utf-8").splitlines():
        item = json.loads(line)
        if len(joined[-1]["text"]) >= 2 * length:
            joined.append({"text": "", "spo_list": []})
        joined[-1]["text"] += item["text"]
        joined[-1]["spo_list"] += item["spo_list"]
    folder.mkdir(parents=True)
    lines = [json.dumps(item, ensure_ascii=False) for item in joined[:-1]]
    (folder / "train_data.json").write_text("\n".join(lines), "utf-8")
    (folder / "dev_data.json").write_text(lines[0], "utf-8")
    (folder / "all_50_schemas").write_text(opened.schema.read_text("utf-8"), "utf-8")


def warm_up(cell: Cell, data: Path, encoder: Path) -> None:
    """Build a model in this process, and take the first steps, which trace and compile."""
    from gplinker_tf.training import prepare

    options = TrainingOptions(
        batch_size=cell.batch_size,
        max_length=cell.length,
        precision=cell.precision,
        jit=cell.jit,
        long="truncate",
        deterministic=False,
    )
    folder = EncoderFolder.open(encoder, weights_required=False)
    plan = prepare(
        *(DataFolder.open(data), folder, data / f"run-{'-'.join(map(str, cell))}", options),
        progress=False,
        report=lambda line: None,
    )
    plan.compile()
    PLANS.append(plan)
    _fit(WARM_UP)


def timed() -> dict[str, float | None]:
    """Take the timed steps; return texts per second and the peak memory of all steps."""
    seconds = seconds_of(_fit, STEPS).clock
    texts = STEPS * PLANS[-1].options.batch_size
    return {"texts_per_second": texts / seconds, **peak_mebibytes()}


#: Training plans of this process; the last one is measured.
PLANS: list[Any] = []


def _fit(steps: int) -> None:
    plan = PLANS[-1]
    plan.extractor.model.fit(plan.batches.dataset(0), steps_per_epoch=steps, verbose=0)


def line(cell: Cell, result: dict[str, Any]) -> str:
    """Format a row."""
    mode = f"{cell.precision}{' with XLA' if cell.jit else ''}"
    if "failure" in result:
        return f"{cell.batch_size:>5} {cell.length:>6} {mode:26} {result['failure']}"
    memory = result["gpu_peak_mebibytes"]
    peak = "-" if memory is None else f"{memory:,.0f}"
    speed = result["texts_per_second"]
    return f"{cell.batch_size:>5} {cell.length:>6} {mode:26} {peak:>8} {speed:>8,.1f}"


if __name__ == "__main__":
    run_command(main)

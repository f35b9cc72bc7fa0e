"""A complete table: train what is not yet trained, measure, and write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf.comparison._runs import FinalTest, Runs
from gplinker_tf.comparison._table import Table, read_failures, title_of
from gplinker_tf.comparison.failures import FULL, reason_of
from gplinker_tf.comparison.result import TableResult
from gplinker_tf.comparison.variants import BLOG_LAYERS, BLOG_SIZES, Sizes, options_of
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs import lock_folder, run_config
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.options import ON_ONE_MACHINE
from gplinker_tf.training.preparation import fitting_config


def make_table(
    data: DataFolder,
    encoder: EncoderFolder,
    output: str | Path,
    variants: Sequence[str],
    seeds: int = 1,
    settings: Mapping[str, Any] | None = None,
    report: Callable[[str], None] = print,
    measure: bool = True,
    measure_again: bool = False,
    dry_run: bool = False,
    strategy: str = "single",
    test: str | Path | None = None,
) -> TableResult | None:
    """Train each variant with each seed, measure speed and memory, and write the table.

    A finished run is not trained again, and an unfinished one is continued, whether it was started
    by this function or by `gplinker train`. The table is rewritten after each run, so there always
    is one. It lists failed runs, and the others continue; a full disk ends everything. Each run has
    its own process, so a script must call this under `if __name__ == "__main__":`.

    Args:
        data: the data folder.
        encoder: the encoder folder.
        output: the folder of `table.md`, `table.json`, `table.png`, `speeds.json` and `runs`.
        variants: names in `VARIANTS`; other runs in the folder are included in the table, too.
        seeds: the number of seeds, which are 1, 2 and so on.
        settings: options for all runs, by the names in `TrainingOptions`.
        report: takes lines of text.
        measure: measure speed and memory when all runs are trained.
        measure_again: measure even what has already been measured.
        dry_run: report what would be trained, and stop.
        strategy: `"single"`, train on one device; `"mirrored"`, train on all devices of this
            machine. Speed and memory are measured on one device.
        test: annotated texts on which each run's best model is evaluated after training; if `None`,
            the F1 is that of the dev texts, on which the best epoch is chosen, too.

    Returns:
        The result, or `None` for a dry run.

    Raises:
        InputError: a file or a setting can't be used, a run in the folder has other options,
            another table is being made in it, or the disk is full.
        KeyboardInterrupt: it was interrupted; the run has written a checkpoint.

    Example:

    >>> import tempfile
    >>> from importlib.resources import files
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> data, encoder = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
    >>> output, variants = tempfile.mkdtemp(), ["casrel", "gplinker-efficient"]
    >>> make_table(data, encoder, output, variants, settings={"epochs": 30}, dry_run=True)
    run 1 of 2: casrel, seed 1: 30 epochs to train
    run 2 of 2: gplinker-efficient, seed 1: 30 epochs to train
    """
    if strategy not in ON_ONE_MACHINE:
        raise InputError(
            f"Expected one of {', '.join(ON_ONE_MACHINE)}: a table is made on one machine. "
            f"Received: strategy={strategy!r}."
        )
    output, settings = Path(output), dict(settings or {})
    final_test = None if test is None else FinalTest.open(test)
    config = run_config(data, encoder, {})
    # First, so that options out of range are reported before reading, which takes long.
    first = options_of(variants[0], settings, seed=1)
    setting = _setting(data, encoder, first, config, final_test)
    sizes = Sizes(setting["texts"], setting["hidden"], encoder.checkpoint_path is not None)
    runs = Runs(output, settings, sizes, final_test)
    asked = runs.asked(variants, seeds)
    failures = read_failures(output)
    every = [*asked, *runs.beside(asked, failures)]
    for run in every:
        run.expect_same(config)
    if dry_run:
        for number, run in enumerate(asked, start=1):
            report(f"{title_of(run, number, len(asked))}: {run.plan}")
        return None
    with lock_folder(output):
        table = Table(output, every, setting, failures, data, encoder, report)
        try:
            table.train(asked, strategy)
            if measure:
                table.measure(measure_again)
            summed = table.write()
        except KeyboardInterrupt:
            report("Interrupted. Run the same command to continue.")
            raise
        except OSError as error:
            raise _not_made(output, error) from error
    return TableResult(
        summed, {run.name: failures[run.name] for run in asked if run.name in failures}
    )


def _setting(
    data: DataFolder,
    encoder: EncoderFolder,
    options: TrainingOptions,
    config: Mapping[str, Any],
    test: FinalTest | None,
) -> dict[str, Any]:
    """Return what all runs have in common; it reads all input, so errors show early."""
    schema = data.read_schema()
    blocks = fitting_config(encoder, options)
    layers, hidden = blocks["num_hidden_layers"], blocks["hidden_size"]
    texts = len(read_examples(data.train, schema, options.limit))
    same_encoder = (layers, hidden) == (BLOG_LAYERS, BLOG_SIZES.hidden_size)
    return {
        "data": Path(config["data"]).name,
        "texts": texts,
        "dev_texts": len(read_examples(data.dev, schema, options.dev_limit)),
        "test": Path(test.path).name if test else None,
        "test_texts": len(read_examples(test.path, schema)) if test else 0,
        "encoder": Path(config["encoder"]).name,
        "layers": layers,
        "hidden": hidden,
        "sha256": config["sha256"],
        "is_the_blogs": same_encoder and texts >= BLOG_SIZES.texts,
    }


def _not_made(output: Path, error: OSError) -> InputError:
    if error.errno not in FULL:
        return InputError(f"{output}: the table cannot be made: {error}")
    return InputError(
        f"{output}: the table cannot be finished ({reason_of(error)}). Finished runs are kept. "
        "Free some space; the same command then continues."
    )

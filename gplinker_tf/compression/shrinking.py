"""Shrinking of a run without training."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gplinker_tf.compression.layers import keep_layers, layers_of, spread_layers
from gplinker_tf.compression.vocabulary import cut_vocabulary
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.runs import clear, expect_another, expect_free, lock_folder


def shrink(
    run: str | Path,
    output: str | Path,
    layers: int | None = None,
    texts: Iterable[str] | None = None,
    overwrite: bool = False,
) -> RelationExtractor:
    """Write a run with fewer encoder layers, a smaller vocabulary, or both.

    Nothing is trained. A smaller vocabulary does not change results on the texts it is made from;
    a model with fewer layers finds much less and should be distilled instead.

    Args:
        run: the run folder.
        output: the folder to write, which `RelationExtractor.load` and all commands can read.
        layers: the number of encoder layers to keep, evenly spaced; `None` keeps all.
        texts: the texts whose tokens the vocabulary keeps; `None` keeps all tokens.
        overwrite: whether to replace the run in a folder that is not empty.

    Returns:
        The smaller extractor.

    Raises:
        InputError: the run can't be loaded, neither layers nor texts are given, the encoder has
            fewer layers, or the output folder is in use, not empty or the run's own folder.

    Example, with a run folder that `gplinker train` wrote:

        shrink("run", "smaller", texts=read_texts("texts.jsonl"))
    """
    if layers is None and texts is None:
        raise InputError(
            "Expected a number of layers, or texts to cut the vocabulary to. Received: neither. "
            "Add --layers or --vocabulary (layers, texts)."
        )
    output = Path(output)
    expect_another(output, Path(run))
    expect_free(output, overwrite, resume=False)
    extractor = RelationExtractor.load(run)
    if layers is not None:
        extractor = keep_layers(extractor, spread_layers(layers, layers_of(extractor)))
    if texts is not None:
        extractor = cut_vocabulary(extractor, texts)
    with lock_folder(output):
        clear(output)
        extractor.save(output)
    return extractor

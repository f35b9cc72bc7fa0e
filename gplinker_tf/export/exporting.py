"""Export of a trained model to a folder that other programs can run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

import gplinker_tf
from gplinker_tf._atomic_write import UNFINISHED
from gplinker_tf.calibration import Calibration, write_calibration
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import (
    WEIGHTS,
    ExportManifest,
    LiteRTPredictor,
    OnnxPredictor,
    RelationExtractor,
)
from gplinker_tf.extraction.export_manifest import MANIFEST, file_digest
from gplinker_tf.extraction.extractor import MAX_TRIPLES
from gplinker_tf.extraction.folder import config_of, write_config
from gplinker_tf.extras import require

#: The data types in which weights can be stored.
PRECISIONS = ("float32", "float16", "int8")

#: The maximum number of texts from which the ranges for int8 are measured.
MOST_TEXTS = 256


def export(
    run: RelationExtractor | str | Path,
    output: str | Path | None = None,
    format: str = "onnx",
    precision: str = "float32",
    overwrite: bool = False,
    texts: Iterable[str] | None = None,
) -> Path:
    """Export a trained model to a folder that runs without this package.

    The exported graph contains the model and its decoding: token ids in, triples out. The folder
    also contains the vocabulary, the schema, the tuned thresholds, and a manifest with the
    checksum of each file, which is needed to load the export.

    Args:
        run: the run folder, or an extractor.
        output: the folder to write; defaults to a folder in the run, named after the format.
        format: `"onnx"`, for ONNX Runtime; `"litert"`, for LiteRT (TensorFlow Lite), on phones and
            small devices; or `"savedmodel"`, for TensorFlow.
        precision: the data type of the stored weights: `"float32"`; for ONNX and LiteRT also
            `"float16"`, half the size, or `"int8"`, about a quarter of the size and faster.
        overwrite: whether to replace an existing export.
        texts: for ONNX in int8, typical texts, to which value ranges are fitted; `None` uses
            random tokens, which is nearly as good.

    Returns:
        The folder.

    Raises:
        InputError: the run can't be loaded, the folder is in use, the format or precision is
            unknown, `texts` are empty or given for another format or precision, or a package for
            ONNX is not installed.

    Example, with a run folder that `gplinker train` wrote:

        export("run", precision="int8")
        extractor = RelationExtractor.load("run", runtime="onnx")
    """
    _expect_choices(format, precision)
    texts = _expect_texts(format, precision, texts)
    if isinstance(run, RelationExtractor):
        extractor, weights = run, ""
    else:
        extractor, weights = RelationExtractor.load(run), file_digest(Path(run) / WEIGHTS)
        output = output or Path(run) / format
    if output is None:
        raise InputError("Expected a folder to write. Received: output=None. Pass one.")
    output = Path(output)
    _expect_room(output, overwrite)
    unfinished = output.with_name(output.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        config = config_of(extractor, extractor.encoder_config or {})
        write_config(unfinished, config, extractor.tokenizer)
        write_calibration(unfinished, extractor.calibration)
        FORMATS[format](extractor, unfinished, precision, texts)
        facts = extractor.model.kind, extractor.model.num_predicates, weights
        manifest = ExportManifest(format, precision, *facts, gplinker_tf.__version__)
        manifest.with_files(unfinished).write(unfinished)
        shutil.rmtree(output, ignore_errors=True)
        unfinished.rename(output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return output


def _write_onnx(
    extractor: RelationExtractor, folder: Path, precision: str, texts: list[str] | None
) -> None:
    for module in ("tf2onnx", "onnx", "onnxruntime"):
        require(module, "An export to ONNX")
    import onnx

    from gplinker_tf.decoding.decode import MAX_PAIRS
    from gplinker_tf.export._onnx_precision import in_float16, in_int8
    from gplinker_tf.export._smoothing import smooth
    from gplinker_tf.export.onnx_graph import onnx_graph, with_defaults

    calibration = extractor.calibration or Calibration()
    thresholds = calibration.thresholds(extractor.schema.predicates)
    limits = {"max_pairs": MAX_PAIRS, "max_triples": MAX_TRIPLES}
    graph = onnx_graph(extractor.model)
    if precision == "float16":
        graph = in_float16(graph)
    elif precision == "int8":
        others = {"threshold": thresholds} | dict.fromkeys(limits, np.array(1, np.int32))
        graph = in_int8(smooth(graph, (ids | others for ids in _typical_ids(extractor, texts))))
    onnx.save(with_defaults(graph, threshold=thresholds, **limits), folder / OnnxPredictor.graph)


def _typical_ids(
    extractor: RelationExtractor, texts: list[str] | None
) -> Iterator[dict[str, np.ndarray]]:
    """Yield the inputs of a few texts one by one, or random inputs if no texts are given."""
    tokenizer = extractor.tokenizer
    if texts is None:
        rng = np.random.default_rng(0)
        texts = [" ".join(rng.choice(tokenizer.vocabulary, 62)) for _ in range(32)]
    for encoding in tokenizer.encode_batch(texts, extractor.max_length):
        ids = np.asarray(encoding.token_ids, np.int32)[None]
        yield {"token_ids": ids, "segment_ids": np.zeros_like(ids)}


def _write_litert(
    extractor: RelationExtractor, folder: Path, precision: str, texts: list[str] | None
) -> None:
    from gplinker_tf.export.litert_graph import litert_graph

    (folder / LiteRTPredictor.graph).write_bytes(litert_graph(extractor.model, precision))


def _write_saved_model(
    extractor: RelationExtractor, folder: Path, precision: str, texts: list[str] | None
) -> None:
    from gplinker_tf.export._saved_model import save_function
    from gplinker_tf.extraction.keras_predictor import prediction_graph

    save_function(prediction_graph(extractor.model), folder / "model", extractor.model)


#: The writer of each format: a function of the extractor, folder, precision and texts.
FORMATS: dict[str, Callable[[RelationExtractor, Path, str, list[str] | None], None]] = {
    "onnx": _write_onnx,
    "litert": _write_litert,
    "savedmodel": _write_saved_model,
}


def _expect_choices(format: str, precision: str) -> None:
    if format not in FORMATS:
        raise InputError(f"Expected one of {', '.join(FORMATS)}. Received: format={format!r}.")
    if precision not in PRECISIONS:
        raise InputError(
            f"Expected one of {', '.join(PRECISIONS)}. Received: precision={precision!r}."
        )
    if format == "savedmodel" and precision != "float32":
        raise InputError(
            f"Expected float32. Received: precision={precision!r}. A savedmodel has no other; "
            "use float32, or choose another format."
        )


def _expect_texts(format: str, precision: str, texts: Iterable[str] | None) -> list[str] | None:
    if texts is None:
        return None
    if (format, precision) != ("onnx", "int8"):
        raise InputError(
            f"Expected texts only for format='onnx' with precision='int8'. Received: "
            f"format={format!r}, precision={precision!r}. Leave the texts out."
        )
    first = [texts] if isinstance(texts, str) else list(islice(texts, MOST_TEXTS))
    if not any(map(str.strip, first)):
        raise InputError("Expected texts to fit int8 to. Received: none. Pass some, or None.")
    return first


def _expect_room(folder: Path, overwrite: bool) -> None:
    """Raise an error unless the folder is new, empty, or an export that may be replaced."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"Expected a folder to write. Received: {folder}, which is a file.")
    if folder.resolve() == Path.cwd():
        raise InputError(
            f"Expected a folder to write. Received: {folder}, the current folder, which can't be "
            "replaced. Choose another."
        )
    replaceable = overwrite and (folder / MANIFEST).is_file()
    if folder.is_dir() and any(folder.iterdir()) and not replaceable:
        raise InputError(
            f"Expected a new or empty folder. Received: {folder}, which has files in it. "
            "Choose another, or, if it is an export, replace it with --overwrite."
        )

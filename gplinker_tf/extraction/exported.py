"""An exported model, found from its own folder or from the run that it was exported from."""

from __future__ import annotations

from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.extraction.export_manifest import MANIFEST, ExportManifest, file_digest
from gplinker_tf.extraction.folder import WEIGHTS
from gplinker_tf.extraction.onnx_predictor import OnnxPredictor

#: The graph in an export, and the folder in a run where exports to ONNX go.
ONNX_GRAPH, ONNX_FOLDER = "model.onnx", "onnx"


def load_exported(folder: Path, precision: str, jit: bool) -> tuple[Path, OnnxPredictor]:
    """The folder of an export to ONNX, checked, and its predictor.

    Args:
        folder: the export, or the run that contains it.
        precision: has to be `"float32"`: an export has a precision of its own.
        jit: has to be False.

    Raises:
        InputError: there is no export, it is damaged, or it is older than the run's weights.
    """
    if precision != "float32" or jit:
        raise InputError(
            "Expected no precision and no jit with the runtime onnx: a model runs as it was "
            f"exported. Received: precision={precision!r}, jit={jit}. Choose the precision when "
            "you export: gplinker export RUN --precision int8."
        )
    run = folder
    if not (folder / MANIFEST).is_file() and (folder / WEIGHTS).is_file():
        folder = folder / ONNX_FOLDER
        if not (folder / MANIFEST).is_file():
            raise InputError(
                f"Expected an export of the run in {folder}. No such export. Make it, where "
                f"TensorFlow is installed: gplinker export {run} --format onnx"
            )
    manifest = ExportManifest.read(folder)
    if manifest.format != "onnx":
        raise InputError(
            f"{folder}: expected an export to ONNX. Received: {manifest.format}. Export the run "
            "again, with --format onnx."
        )
    if folder != run and manifest.weights != file_digest(run / WEIGHTS):
        raise InputError(
            f"{folder}: expected an export of the run's weights. Received: one of other weights, "
            f"from before it was trained again. Export again: gplinker export {run} --format onnx "
            "--overwrite"
        )
    facts = manifest.model, manifest.num_predicates, manifest.precision
    return folder, OnnxPredictor(folder / ONNX_GRAPH, *facts)

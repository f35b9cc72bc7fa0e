"""An exported model, found from its own folder or from the run that it was exported from."""

from __future__ import annotations

from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.extraction.export_manifest import MANIFEST, ExportManifest, file_digest
from gplinker_tf.extraction.exported_predictor import ExportedPredictor
from gplinker_tf.extraction.folder import WEIGHTS
from gplinker_tf.extraction.litert_predictor import LiteRTPredictor
from gplinker_tf.extraction.onnx_predictor import OnnxPredictor

#: What runs exports, by the name of the runtime, of the format, and of the folder in a run.
PREDICTORS: dict[str, type[ExportedPredictor]] = {
    predictor.runtime: predictor for predictor in (OnnxPredictor, LiteRTPredictor)
}

#: What a trained model can run on.
RUNTIMES = ("keras", *PREDICTORS)


def load_exported(
    folder: Path, runtime: str, precision: str, jit: bool
) -> tuple[Path, ExportedPredictor]:
    """The folder of an export, checked, and its predictor.

    Args:
        folder: the export, or the run that contains it.
        runtime: what the export is for, one of `PREDICTORS`.
        precision: has to be `"float32"`: an export has a precision of its own.
        jit: has to be False.

    Raises:
        InputError: there is no export, it is damaged, or it is older than the run's weights.
    """
    if precision != "float32" or jit:
        raise InputError(
            f"Expected no precision and no jit with the runtime {runtime}: a model runs as it was "
            f"exported. Received: precision={precision!r}, jit={jit}. Choose the precision when "
            f"you export: gplinker export RUN --format {runtime} --precision int8."
        )
    run, command = folder, f"gplinker export {folder} --format {runtime}"
    if not (folder / MANIFEST).is_file() and (folder / WEIGHTS).is_file():
        folder = folder / runtime
        if not (folder / MANIFEST).is_file():
            raise InputError(
                f"Expected an export of the run in {folder}. No such export. Make it, where "
                f"TensorFlow is installed: {command}"
            )
    manifest = ExportManifest.read(folder)
    if manifest.format != runtime:
        raise InputError(
            f"{folder}: expected an export to {runtime}. Received: one to {manifest.format}. "
            f"Export the run again, with --format {runtime}, or choose the export's runtime."
        )
    if folder != run and manifest.weights != file_digest(run / WEIGHTS):
        raise InputError(
            f"{folder}: expected an export of the run's weights. Received: one of other weights, "
            f"from before it was trained again. Export again: {command} --overwrite"
        )
    facts = manifest.model, manifest.num_predicates, manifest.precision
    predictor = PREDICTORS[runtime]
    return folder, predictor(folder / predictor.graph, *facts)

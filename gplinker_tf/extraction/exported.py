"""Loading of an exported model from its own folder or from the run that it was exported from."""

from __future__ import annotations

from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.extraction.export_manifest import MANIFEST, ExportManifest, file_digest
from gplinker_tf.extraction.exported_predictor import ExportedPredictor
from gplinker_tf.extraction.folder import WEIGHTS
from gplinker_tf.extraction.litert_predictor import LiteRTPredictor
from gplinker_tf.extraction.onnx_predictor import OnnxPredictor

#: Predictors by runtime, which is also the name of the format and of the folder in a run.
PREDICTORS: dict[str, type[ExportedPredictor]] = {
    predictor.runtime: predictor for predictor in (OnnxPredictor, LiteRTPredictor)
}

#: The runtimes of a trained model.
RUNTIMES = ("keras", *PREDICTORS)


def load_exported(
    folder: Path, runtime: str, precision: str, jit: bool
) -> tuple[Path, ExportedPredictor]:
    """Return the folder of an export, which is checked, and its predictor.

    Args:
        folder: the folder of the export, or of the run that contains it.
        runtime: the runtime of the export, one of `PREDICTORS`.
        precision: must be `"float32"`, since an export has its own precision.
        jit: must be False.

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
                f"Expected an export of the run in {folder}. Received: no export. Make one where "
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
            f"{folder}: expected an export of the run's weights. Received: an export of "
            f"other weights; the run was trained again since. Export again: {command} --overwrite"
        )
    facts = manifest.model, manifest.num_predicates, manifest.precision
    predictor = PREDICTORS[runtime]
    return folder, predictor(folder / predictor.graph, *facts)

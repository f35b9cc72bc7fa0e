"""An extractor that can be sent to other processes, each of which loads its own model."""

from __future__ import annotations

import os
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

from gplinker_tf._quiet import import_tensorflow
from gplinker_tf._reprs import shortened_path
from gplinker_tf.calibration import Calibration, read_calibration
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.extraction.folder import read_config, schema_of
from gplinker_tf.structures import Extraction


class WorkerExtractor:
    """An extractor that can be pickled; it loads its model when the first texts arrive.

    Only the path of the run and the settings are pickled. The model of a process uses as many
    threads as `OMP_NUM_THREADS` says, which Ray and Spark set to a worker's share of the machine's
    cores.

    Args:
        run: a run folder, or an export; it must have this path on all machines.
        runtime: the runtime of the model, one of `gplinker_tf.extraction.RUNTIMES`.
        precision: the data type of computations.
        jit: whether to compile the model with XLA.
        long: how longer texts are read; `None` reads them as in training.
        **settings: further arguments of calls of the extractor, such as `threshold`.

    Raises:
        TypeError: a setting is unknown.

    Example, with a run folder that `gplinker train` wrote:

        extract = WorkerExtractor("run", runtime="onnx", threshold=-1.0)
        extractions = extract(["《喜剧之王》由周星驰主演"])
    """

    def __init__(
        self,
        run: str | Path,
        runtime: str = "keras",
        precision: str = "float32",
        jit: bool = False,
        long: str | None = None,
        **settings: Any,
    ) -> None:
        signature(RelationExtractor.stream).bind(self, (), **settings)
        self.run = Path(run).absolute()  # workers have other current folders
        self.runtime = runtime
        self.settings = settings
        self._precision, self._jit, self._long = precision, jit, long
        self._extractor: RelationExtractor | None = None

    def __repr__(self) -> str:
        return f"WorkerExtractor({shortened_path(self.run)}, {self.runtime})"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_extractor": None}

    @property
    def calibration(self) -> Calibration | None:
        """The thresholds of the run, read from its folder.

        Raises:
            InputError: the folder is not a run folder, or a part of it is broken.
        """
        schema = schema_of(read_config(self.run), self.run)
        return read_calibration(self.run, schema.predicates)

    @property
    def extractor(self) -> RelationExtractor:
        """The extractor of this process.

        Raises:
            InputError: the run can't be loaded, or does not support a setting.
        """
        if self._extractor is None:
            if self.runtime == "keras":
                _limit_tensorflow()
                import_tensorflow()
            loaded = RelationExtractor.load(self.run, self._precision, self._jit, self.runtime)
            if self._long is not None:
                loaded.windows = replace(loaded.windows, long=self._long)
            loaded.stream((), **self.settings)  # checks the settings before there are texts
            self._extractor = loaded
        return self._extractor

    def __call__(self, texts: list[str]) -> list[Extraction]:
        """Return what is found in each text, in the order of the texts.

        Args:
            texts: the texts.

        Raises:
            InputError: the run can't be loaded, or its scores are not finite.
        """
        return self.extractor(texts, **self.settings)


def _limit_tensorflow() -> None:
    """Limit TensorFlow to the threads that NumPy uses; otherwise it takes all cores."""
    if threads := os.environ.get("OMP_NUM_THREADS"):
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", threads)

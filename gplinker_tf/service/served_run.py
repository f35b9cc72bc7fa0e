"""A run that the service extracts with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf._reprs import shortened
from gplinker_tf.structures import Extraction

if TYPE_CHECKING:
    from gplinker_tf.extraction import RelationExtractor

log = logging.getLogger("gplinker_tf.service")


class ServedRun:
    """A named extractor that can be replaced while requests are answered.

    Args:
        name: its name in requests.
        load: loads the extractor, now and at each reload.

    Attributes:
        extractor: the extractor that new batches use.

    Raises:
        InputError: the run can't be loaded.

    Example, with a run folder that `gplinker train` wrote:

        run = ServedRun("films", lambda: RelationExtractor.load("run"))
    """

    def __init__(self, name: str, load: Callable[[], RelationExtractor]) -> None:
        self.name, self._load = name, load
        self._reloading = asyncio.Lock()
        self.extractor = self._warm()

    def __repr__(self) -> str:
        return f"ServedRun({shortened(self.name)})"

    @classmethod
    def from_folder(
        cls,
        name: str,
        folder: Path,
        precision: str = "float32",
        jit: bool = False,
        runtime: str = "keras",
    ) -> ServedRun:
        """Load a run from its folder.

        Args:
            name: its name in requests.
            folder: the run folder.
            precision: the data type of computations.
            jit: whether to compile the model with XLA.
            runtime: the runtime of the model, one of `gplinker_tf.extraction.RUNTIMES`.

        Raises:
            InputError: the folder is not a run folder, or a part of it is missing or broken.
        """
        from gplinker_tf.extraction import RelationExtractor

        return cls(name, partial(RelationExtractor.load, folder, precision, jit, runtime))

    @property
    def facts(self) -> dict[str, Any]:
        """The description of the run that clients can see."""
        calibration = self.extractor.calibration
        return {
            "name": self.name,
            "model": self.extractor.predictor.kind,
            "predicates": list(self.extractor.schema.predicates),
            "threshold": calibration.threshold if calibration else 0.0,
            "tuned": calibration is not None,
        }

    def extract(
        self, texts: list[str], threshold: float | None, batch_size: int
    ) -> list[Extraction]:
        """Return what is found in each text, in the order of the texts."""
        return self.extractor(texts, threshold, batch_size)

    async def reload(self) -> None:
        """Load the run again; until then, or if that fails, the old one stays in use."""
        async with self._reloading:
            try:
                self.extractor = await asyncio.to_thread(self._warm)
                log.info("Reloaded run %s", self.name)
            except Exception as error:
                log.error("Run %s was not reloaded; the old one stays: %s", self.name, error)

    def _warm(self) -> RelationExtractor:
        """Load the extractor and run it on a first text, which takes longer than others."""
        extractor = self._load()
        extractor(["《喜剧之王》由周星驰主演"])
        return extractor

"""A run that the service answers from."""

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
    """A name and the extractor behind it, which can be replaced while requests are answered.

    Args:
        name: what requests call it.
        load: gives the extractor, now and at each reload.

    Attributes:
        extractor: the extractor that batches use from now on.

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
        """A run from its folder.

        Args:
            name: what requests call it.
            folder: the run folder.
            precision: what it computes in.
            jit: compile the model with XLA.
            runtime: what runs the model, one of `gplinker_tf.extraction.RUNTIMES`.

        Raises:
            InputError: the folder is not a run folder, or a part of it is missing or broken.
        """
        from gplinker_tf.extraction import RelationExtractor

        return cls(name, partial(RelationExtractor.load, folder, precision, jit, runtime))

    @property
    def facts(self) -> dict[str, Any]:
        """What clients may know of it."""
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
        """What is found in each text, in the order of the texts."""
        return self.extractor(texts, threshold, batch_size)

    async def reload(self) -> None:
        """Load the run again; until it is loaded, and if it can't be, the old one answers."""
        async with self._reloading:
            try:
                self.extractor = await asyncio.to_thread(self._warm)
                log.info("Reloaded run %s", self.name)
            except Exception as error:
                log.error("Run %s was not reloaded, the old one goes on: %s", self.name, error)

    def _warm(self) -> RelationExtractor:
        """The extractor after its first text, which takes longer than the others."""
        extractor = self._load()
        extractor(["《喜剧之王》由周星驰主演"])
        return extractor

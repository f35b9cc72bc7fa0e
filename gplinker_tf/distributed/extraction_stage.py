"""Extraction as a function of batches of rows, for Ray Data, Spark and Hugging Face datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gplinker_tf.distributed.triple_columns import arrow_type, triple_rows
from gplinker_tf.distributed.worker_extractor import WorkerExtractor
from gplinker_tf.extras import is_there


class ExtractionStage:
    """A callable that adds a column with the triples of each row's text to a batch of rows.

    A batch is an Arrow table, a pandas data frame, or a dictionary of columns. The result has the
    same form and the same rows. A triple is a struct with the fields of
    `gplinker_tf.distributed.triple_rows`. The triples of a missing text are missing.

    Args:
        run: a run folder, or an export; it must have this path on all machines.
        runtime: the runtime of the model, one of `gplinker_tf.extraction.RUNTIMES`.
        text_column: the name of the column of texts.
        triples_column: the name of the column to add or replace.
        **settings: further arguments of `WorkerExtractor`, such as `threshold` or `precision`.

    Raises:
        TypeError: a setting is unknown.

    Example, with a run folder that `gplinker train` wrote:

        rows = ray.data.read_parquet("texts")
        stage = {"run": "run", "runtime": "onnx"}
        found = rows.map_batches(
            ExtractionStage, fn_constructor_kwargs=stage, batch_format="pyarrow", concurrency=2
        )
        found.write_parquet("found")

    Source: https://docs.ray.io/en/latest/data/batch_inference.html.
    """

    def __init__(
        self,
        run: str | Path,
        runtime: str = "keras",
        text_column: str = "text",
        triples_column: str = "triples",
        **settings: Any,
    ) -> None:
        self.extract = WorkerExtractor(run, runtime, **settings)
        self.text_column, self.triples_column = text_column, triples_column

    def __repr__(self) -> str:
        return f"ExtractionStage({self.extract!r})"

    def __call__(self, batch: Any) -> Any:
        """Return the batch with its triples.

        Args:
            batch: an Arrow table or record batch, a pandas data frame, or a dictionary of columns.

        Raises:
            InputError: the run can't be loaded, or its scores are not finite.
            KeyError: there is no column of texts.
            TypeError: a value is not a text.
        """
        column = batch[self.text_column]
        texts = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
        rows = self._rows(list(map(_text_or_none, texts)))
        if _is_arrow(batch):
            return self._with_arrow_column(batch, rows)
        if hasattr(batch, "assign"):  # a data frame
            return batch.assign(**{self.triples_column: rows})
        return {**batch, self.triples_column: rows}

    def _rows(self, texts: list[str | None]) -> list[list[dict[str, Any]] | None]:
        found = iter(self.extract([text for text in texts if text is not None]))
        return [None if text is None else triple_rows(next(found)) for text in texts]

    def _with_arrow_column(self, batch: Any, rows: list[Any]) -> Any:
        import pyarrow

        column = pyarrow.array(rows, arrow_type())
        if self.triples_column in batch.schema.names:
            batch = batch.drop_columns([self.triples_column])
        return batch.append_column(self.triples_column, column)


def _text_or_none(value: Any) -> str | None:
    # pandas has NaN or NA for a missing text; NA can't be compared, even with itself.
    if value is None or type(value).__name__ == "NAType" or value != value:
        return None
    if not isinstance(value, str):
        raise TypeError(
            f"Expected texts or missing values. Received: {type(value).__name__} {value!r:.40}. "
            "Name the column of texts with text_column."
        )
    return value


def _is_arrow(batch: Any) -> bool:
    if not is_there("pyarrow"):
        return False
    import pyarrow

    return isinstance(batch, pyarrow.Table | pyarrow.RecordBatch)

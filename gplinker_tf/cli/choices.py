"""Enumerations of values that are defined elsewhere; typer turns them into choices."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, cast

from gplinker_tf.alignment import LONG_TEXTS, OCCURRENCES
from gplinker_tf.data import FORMATS, OUTPUT_FORMATS
from gplinker_tf.export import FORMATS as EXPORT_FORMATS
from gplinker_tf.export import PRECISIONS as EXPORT_PRECISIONS
from gplinker_tf.extraction import RUNTIMES
from gplinker_tf.extraction.found_in_text import MENTIONS
from gplinker_tf.models.registry import MODELS
from gplinker_tf.plugins import load_plugins
from gplinker_tf.precision import PRECISIONS
from gplinker_tf.training.options import ON_ONE_MACHINE, STRATEGIES

load_plugins()  # so that the choices include what they add


def choices(name: str, values: Iterable[str]) -> type[Enum]:
    """Create an enumeration whose members have the same names as their values.

    Example:

    >>> choices("Color", ["red", "blue"])["red"].value
    'red'
    """
    return cast(type[Enum], Enum(name, {value: value for value in values}))


if TYPE_CHECKING:
    # Type checkers reject an enumeration whose members they can't see.
    Model: TypeAlias = Enum
    Precision: TypeAlias = Enum
    Strategy: TypeAlias = Enum
    LocalStrategy: TypeAlias = Enum
    Format: TypeAlias = Enum
    AnnotatedFormat: TypeAlias = Enum
    OutputFormat: TypeAlias = Enum
    Occurrences: TypeAlias = Enum
    LongTexts: TypeAlias = Enum
    Mentions: TypeAlias = Enum
    ExportFormat: TypeAlias = Enum
    ExportPrecision: TypeAlias = Enum
    Runtime: TypeAlias = Enum
else:
    Model = choices("Model", MODELS)
    Precision = choices("Precision", PRECISIONS)
    Strategy = choices("Strategy", STRATEGIES)
    LocalStrategy = choices("Strategy", ON_ONE_MACHINE)
    Format = choices("Format", FORMATS)
    #: The formats of annotated texts.
    AnnotatedFormat = choices("AnnotatedFormat", [name for name in FORMATS if name != "text"])
    #: The formats of extractions.
    OutputFormat = choices("OutputFormat", OUTPUT_FORMATS)
    Occurrences = choices("Occurrences", OCCURRENCES)
    LongTexts = choices("LongTexts", LONG_TEXTS)
    Mentions = choices("Mentions", MENTIONS)
    ExportFormat = choices("ExportFormat", EXPORT_FORMATS)
    #: The data types in which an export stores weights.
    ExportPrecision = choices("ExportPrecision", EXPORT_PRECISIONS)
    Runtime = choices("Runtime", RUNTIMES)

FLOAT32 = Precision("float32")
JSON_LINES = OutputFormat("jsonl")
ALL_OCCURRENCES, ALL_MENTIONS = Occurrences("all"), Mentions("all")
ONNX, EXPORT_FLOAT32 = ExportFormat("onnx"), ExportPrecision("float32")
KERAS_RUNTIME = Runtime("keras")
SENTENCES = LongTexts("sentences")
SINGLE, LOCAL_SINGLE = Strategy("single"), LocalStrategy("single")

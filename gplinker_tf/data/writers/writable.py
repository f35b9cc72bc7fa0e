"""Checks of an extraction against an output format, before any of it is written."""

from __future__ import annotations

from collections.abc import Iterator

from gplinker_tf.data.span_faults import span_fault
from gplinker_tf.data.writers.base import OUTPUT_FORMATS, OutputFormat
from gplinker_tf.structures import Extraction, Span


def write_faults(extraction: Extraction, format: OutputFormat) -> Iterator[str]:
    """Yield messages about what a format can't represent, or what could not be read back.

    Args:
        extraction: the extraction.
        format: the output format.

    Example:

    >>> words = Extraction("Ada", unlinked=(Span("Ada"),))
    >>> [fault] = write_faults(words, OUTPUT_FORMATS["doccano"]())
    >>> print(fault.partition(". ")[0])
    expected words with offsets, for doccano's JSON lines with relations
    >>> list(write_faults(words, OUTPUT_FORMATS["jsonl"]()))
    []
    """
    for triple in extraction.triples:
        if not all(triple.words):
            yield (
                f"expected subject, predicate and object of each triple. Received: {triple!r}. "
                "Leave it out."
            )
    for span in extraction.entities:
        offsets = span.start, span.end
        if offsets == (None, None):
            if format.needs_offsets:
                yield _without_offsets(extraction.text, span, format)
        elif None in offsets:
            yield f"expected start and end of a word. Received: {span!r}. Give both or neither."
        elif fault := span_fault(extraction.text, span):
            yield fault
    predicates = (triple.predicate for triple in extraction.triples)
    ends = (part for span in extraction.entities for part in (span.text, span.type))
    for text in (extraction.text, *predicates, *ends):
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            yield (
                "expected Unicode text. Received: an unpaired surrogate at character "
                f"{error.start}. Write the complete character, or remove it."
            )


def _without_offsets(text: str, span: Span, format: OutputFormat) -> str:
    known = ", ".join(name for name, kind in OUTPUT_FORMATS.items() if not kind.needs_offsets)
    way_out = (
        f"Pass gplinker_tf.data.with_offsets(example), or write {known}, which need no offsets."
        if span.text in text
        else "It does not occur in the text: correct it, or leave it out."
    )
    return f"expected words with offsets, for {format.title}. Received: {span!r}. {way_out}"

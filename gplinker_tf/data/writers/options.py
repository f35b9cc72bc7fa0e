"""Settings that some output formats need in addition to the extractions."""

from __future__ import annotations

from dataclasses import dataclass

from gplinker_tf._reprs import shortened
from gplinker_tf.errors import InputError

#: Characters not allowed in an IRI of N-Triples, besides whitespace and control characters.
NOT_IN_IRIS = '<>"{}|^`\\'


@dataclass(frozen=True)
class OutputOptions:
    """Settings that some output formats need.

    Args:
        model_version: the name of the model that Label Studio shows with its predictions.
        base_iri: the beginning of the IRIs of N-Triples.

    Raises:
        InputError: `base_iri` is not an absolute IRI that ends in `/` or `#`.

    Example:

    >>> OutputOptions(base_iri="https://films.example/").model_version
    'gplinker'
    """

    model_version: str = "gplinker"
    base_iri: str = "http://example.org/"

    def __repr__(self) -> str:
        return f"OutputOptions({shortened(self.model_version)}, {shortened(self.base_iri)})"

    def __post_init__(self) -> None:
        scheme, colon, rest = self.base_iri.partition(":")
        allowed = all(c > " " and c not in NOT_IN_IRIS for c in self.base_iri)
        if not (scheme.isascii() and scheme[:1].isalpha() and colon and rest and allowed):
            raise InputError(
                f"Expected an absolute IRI. Received: base_iri={self.base_iri!r}. Use a form such "
                "as http://example.org/."
            )
        if not rest.endswith(("/", "#")):
            raise InputError(
                f"Expected a base that ends in / or #. Received: base_iri={self.base_iri!r}. "
                "Names are appended to it."
            )

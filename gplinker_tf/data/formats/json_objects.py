"""The base class of formats with JSON objects, on separate lines or in an array."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.json_items import JSON_SUFFIXES, Item, is_array, json_items
from gplinker_tf.data.formats.json_values import text_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class JsonObjects(Format):
    """Abstract: one object per text or triple, on separate lines or in an array.

    A subclass recognizes its format by the first object, and converts objects to records.

    Example, a format with objects of the form `{"text": "周星驰", "surname": "周"}`:

    >>> from gplinker_tf.structures import Span, Triple
    >>> class Surnames(JsonObjects):
    ...     name, title = "surnames", "names with their surnames"
    ...     def recognizes_object(self, row):
    ...         return "surname" in row
    ...     def record(self, row, place):
    ...         text = self.text(row, place)
    ...         triple = Triple(Span(text), "surname", Span(text_of(row, "surname", place)))
    ...         return Record(place, place.number, text, (triple,))
    >>> row = {"text": "周星驰", "surname": "周"}
    >>> Surnames().record(row, Place("names.jsonl", 1)).triples[0].words
    ('周星驰', 'surname', '周')
    """

    suffixes = JSON_SUFFIXES

    def recognizes(self, source: TextInput) -> bool:
        row = source.first_object
        return row is not None and self.recognizes_object(row)

    @abstractmethod
    def recognizes_object(self, row: dict[str, Any]) -> bool:
        """Return whether an input has this format, by its first object."""

    @abstractmethod
    def record(self, row: dict[str, Any], place: Place) -> Record:
        """Return the record of an annotated object.

        Raises:
            InputError: the object violates the format.
        """

    def text(self, row: dict[str, Any], place: Place) -> str:
        """Return the text of an object, which need not be annotated.

        Raises:
            InputError: the object has no text.
        """
        return text_of(row, "text", place)

    def items(self, source: TextInput) -> Iterator[Item]:
        """Return the objects of an input with their places."""
        return json_items(source)

    def records(self, source: TextInput) -> Iterator[Record]:
        return source.read_each(self.items(source), lambda item: self.record(item[1], item[0]))

    def texts(self, source: TextInput) -> Iterator[str]:
        texts = source.read_each(self.items(source), lambda item: self.text(item[1], item[0]))
        return iter(dict.fromkeys(texts)) if self.merges_texts else texts

    def stands_on_lines(self, source: TextInput) -> bool:
        return not is_array(source)

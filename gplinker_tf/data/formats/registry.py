"""The formats, one line each."""

from __future__ import annotations

from gplinker_tf.data.formats.base import FORMATS, Format, register_format
from gplinker_tf.data.formats.json_array import JsonArray
from gplinker_tf.data.formats.json_lines import JsonLines
from gplinker_tf.data.formats.plain_text import PlainText
from gplinker_tf.data.formats.tables import Table

__all__ = ["FORMATS", "Format", "register_format"]

register_format(JsonArray())
register_format(JsonLines())
register_format(Table("csv", "CSV", ",;\t"))
register_format(Table("tsv", "TSV", "\t,;"))
register_format(PlainText())

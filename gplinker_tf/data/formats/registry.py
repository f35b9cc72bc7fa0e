"""The registration of the formats, general ones first: the last that recognizes an input wins."""

from __future__ import annotations

from gplinker_tf.data.formats.base import FORMATS, Format, register_format
from gplinker_tf.data.formats.brat import Brat
from gplinker_tf.data.formats.docbin import DocBinFormat
from gplinker_tf.data.formats.doccano import Doccano
from gplinker_tf.data.formats.docred import DocRED
from gplinker_tf.data.formats.excel import Excel
from gplinker_tf.data.formats.json_array import JsonArray
from gplinker_tf.data.formats.json_lines import JsonLines
from gplinker_tf.data.formats.label_studio import LabelStudio
from gplinker_tf.data.formats.opennre import OpenNRE
from gplinker_tf.data.formats.plain_text import PlainText
from gplinker_tf.data.formats.scierc import SciERC
from gplinker_tf.data.formats.spert import SpERT
from gplinker_tf.data.formats.tables import Table
from gplinker_tf.data.formats.tplinker import TPLinker
from gplinker_tf.data.formats.triple_list import TripleList

__all__ = ["FORMATS", "Format", "register_format"]

register_format(JsonLines())
register_format(JsonArray())
register_format(Table("csv", "CSV", ",;\t|"))
register_format(Table("tsv", "TSV", "\t,;|"))
register_format(Excel())
register_format(LabelStudio())
register_format(Doccano())
register_format(Brat())
register_format(TripleList())
register_format(TPLinker())
register_format(OpenNRE())
register_format(DocRED())
register_format(SpERT())
register_format(SciERC())
register_format(DocBinFormat())
register_format(PlainText())

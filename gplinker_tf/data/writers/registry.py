"""The registration of the output formats."""

from __future__ import annotations

from gplinker_tf.data.writers.base import OUTPUT_FORMATS, OutputFormat, register_output_format
from gplinker_tf.data.writers.csv_table import CsvOutput
from gplinker_tf.data.writers.docbin import DocBinOutput
from gplinker_tf.data.writers.doccano import DoccanoOutput
from gplinker_tf.data.writers.entities import EntitiesOutput
from gplinker_tf.data.writers.json_lines import JsonLinesOutput
from gplinker_tf.data.writers.label_studio import LabelStudioOutput
from gplinker_tf.data.writers.neo4j_csv import Neo4jOutput
from gplinker_tf.data.writers.ntriples import NTriplesOutput

__all__ = ["OUTPUT_FORMATS", "OutputFormat", "register_output_format"]

register_output_format(JsonLinesOutput)
register_output_format(EntitiesOutput)
register_output_format(CsvOutput)
register_output_format(LabelStudioOutput)
register_output_format(DoccanoOutput)
register_output_format(DocBinOutput)
register_output_format(NTriplesOutput)
register_output_format(Neo4jOutput)

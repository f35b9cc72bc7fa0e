"""Data: annotated texts in and out, their schema, split and checks, labels, batches."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Audit": "audit",
        "CasRelLabels": "casrel_labels",
        "DataFolder": "data_folder",
        "Fate": "fates",
        "FateCounts": "fate_counts",
        "FateFinder": "fates",
        "GPLinkerLabels": "gplinker_labels",
        "LabelledTexts": "labelled_texts",
        "PairLabelBuilder": "labels",
        "Remark": "remarks",
        "TrainingBatches": "pipeline",
        "audit_labels": "audit",
        "audit_report": "audit_markdown",
        "batch_labels": "batching",
        "bucket_length": "batching",
        "default_cache_folder": "array_cache",
        "extraction_to_json": "writers",
        "length_grouped_batches": "batching",
        "open_text": "text_lines",
        "ordered_batches": "batching",
        "pad_batch": "batching",
        "pair_labels": "labels",
        "read_examples": "readers",
        "read_labelled_texts": "labelled_texts",
        "read_numbered_examples": "readers",
        "read_schema": "schemas",
        "read_texts": "readers",
        "schema_from_data": "schemas",
        "split_file": "splitting",
        "warnings_about": "checks",
    },
)

"""Data: LIC2019 lines in and out, labels, batches."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "LIC2019Folder": "lic2019",
        "LabelledTexts": "labelled_texts",
        "PairLabelBuilder": "labels",
        "TrainingBatches": "pipeline",
        "batch_labels": "batching",
        "bucket_length": "batching",
        "default_cache_folder": "array_cache",
        "extraction_to_json": "writers",
        "length_grouped_batches": "batching",
        "open_text": "readers",
        "ordered_batches": "batching",
        "pad_batch": "batching",
        "pair_labels": "labels",
        "read_examples": "readers",
        "read_labelled_texts": "labelled_texts",
        "read_numbered_examples": "readers",
        "read_schema": "readers",
        "read_texts": "readers",
    },
)

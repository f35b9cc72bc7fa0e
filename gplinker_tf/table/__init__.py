"""The blog's table: its models trained and measured beside each other."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "TableResult": "maker",
        "VARIANTS": "variants",
        "chosen_variants": "variants",
        "make_table": "maker",
    },
)

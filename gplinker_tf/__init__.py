"""GPLinker on today's TensorFlow: relational triples from text, with GlobalPointer."""

from gplinker_tf.lazy import attach

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Example": "structures",
        "Extraction": "structures",
        "InputError": "errors",
        "RelationExtractor": "extraction",
        "Schema": "structures",
        "Span": "structures",
        "Triple": "structures",
    },
)

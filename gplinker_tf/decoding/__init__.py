"""From the scores of a batch to its triples, on the device."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "CandidatePairs": "candidates",
        "TokenTriples": "decode",
        "TriangleScores": "scoring",
        "best_triples": "decode",
        "candidate_pairs": "candidates",
        "decode_taggings": "taggings",
        "decode_triples": "decode",
        "pair_scores": "scoring",
        "tagged_spans": "taggings",
    },
)

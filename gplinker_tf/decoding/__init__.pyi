from .candidates import CandidatePairs as CandidatePairs
from .candidates import candidate_pairs as candidate_pairs
from .decode import TokenTriples as TokenTriples
from .decode import best_triples as best_triples
from .decode import decode_triples as decode_triples
from .pair_scorers import TriangleScores as TriangleScores
from .pair_scorers import pair_scores as pair_scores

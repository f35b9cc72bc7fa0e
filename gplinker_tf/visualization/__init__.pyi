from .graph import show_graph as show_graph
from .picture import Picture as Picture
from .scores import show_scores as show_scores
from .triples import show_triples as show_triples

from .picture import Picture as Picture
from .triples import show_triples as show_triples

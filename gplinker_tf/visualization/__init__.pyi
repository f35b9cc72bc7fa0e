from .explorer import explore as explore
from .graph import show_graph as show_graph
from .picture import Picture as Picture
from .scores import show_scores as show_scores
from .training import show_training as show_training
from .training_curves import TrainingCurves as TrainingCurves
from .triples import show_triples as show_triples

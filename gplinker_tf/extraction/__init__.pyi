from .extractor import RelationExtractor as RelationExtractor
from .folder import CONFIG as CONFIG
from .folder import VOCABULARY as VOCABULARY
from .folder import WEIGHTS as WEIGHTS
from .found_in_text import MENTIONS as MENTIONS
from .keras_predictor import KerasPredictor as KerasPredictor
from .predictor import Prediction as Prediction
from .predictor import Predictor as Predictor

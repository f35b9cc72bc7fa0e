from .extractor import CONFIG as CONFIG
from .extractor import VOCABULARY as VOCABULARY
from .extractor import WEIGHTS as WEIGHTS
from .extractor import RelationExtractor as RelationExtractor

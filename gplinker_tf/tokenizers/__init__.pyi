from .bert import BertTokenizer as BertTokenizer
from .normalizer import Normalizer as Normalizer
from .normalizer import is_cjk as is_cjk
from .normalizer import lowered as lowered
from .vocabulary import read_lowercase as read_lowercase
from .vocabulary import read_vocabulary as read_vocabulary

from .aligned_text import AlignedText as AlignedText
from .aligned_text import Place as Place
from .span_faults import span_fault as span_fault
from .token_strings import first_place as first_place
from .token_strings import token_string as token_string
from .word_finder import SEARCHES as SEARCHES
from .word_finder import WordFinder as WordFinder

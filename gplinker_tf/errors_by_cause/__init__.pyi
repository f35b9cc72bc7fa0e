from .causes import Cause as Cause
from .mistakes import Mistake as Mistake
from .mistakes import counts_if_fixed as counts_if_fixed
from .mistakes import find_mistakes as find_mistakes

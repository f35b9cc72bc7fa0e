from .causes import Cause as Cause
from .disagreement import Disagreement as Disagreement
from .mistakes import Mistake as Mistake
from .mistakes import counts_if_fixed as counts_if_fixed
from .mistakes import find_mistakes as find_mistakes
from .reason import Reason as Reason
from .worth_a_look import worth_a_look as worth_a_look

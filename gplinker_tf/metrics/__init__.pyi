from .bootstrap import bootstrap_f1 as bootstrap_f1
from .bootstrap import interval as interval
from .evaluation import Evaluation as Evaluation
from .evaluation import evaluate_triples as evaluate_triples
from .score_counts import HARDLY as HARDLY
from .score_counts import ScoreCounts as ScoreCounts

from .epoch_evaluation import EpochEvaluation as EpochEvaluation
from .finite_guard import FiniteGuard as FiniteGuard
from .optimizer import AveragingAdam as AveragingAdam
from .options import TrainingOptions as TrainingOptions
from .progress import ProgressBar as ProgressBar
from .trainer import TrainingResult as TrainingResult
from .trainer import train as train

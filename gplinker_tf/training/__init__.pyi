from .epoch_evaluation import EpochEvaluation as EpochEvaluation
from .optimizer import AveragingAdam as AveragingAdam
from .options import TrainingOptions as TrainingOptions
from .progress import ProgressBar as ProgressBar
from .terminate_on_non_finite import TerminateOnNonFinite as TerminateOnNonFinite
from .trainer import TrainingResult as TrainingResult
from .trainer import train as train

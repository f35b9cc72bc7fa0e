from .calibration import Calibration as Calibration
from .folder import THRESHOLDS as THRESHOLDS
from .folder import read_calibration as read_calibration
from .folder import write_calibration as write_calibration
from .probability import ProbabilityModel as ProbabilityModel

from .audit import Audit as Audit
from .audit import audit_labels as audit_labels
from .label_notes import LabelNote as LabelNote
from .markdown import audit_report as audit_report
from .perfect_scores import PerfectScores as PerfectScores

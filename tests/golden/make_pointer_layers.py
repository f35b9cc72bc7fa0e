"""Write pointer_layers.npz from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_pointer_layers.py
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from pointer_cases import CASES, bert4keras_logits, case_name  # noqa: E402
from reference import load_bert4keras  # noqa: E402

bert4keras = load_bert4keras()
np.savez_compressed(
    HERE / "pointer_layers.npz",
    **{case_name(case): bert4keras_logits(bert4keras, case) for case in CASES},
)

"""Write tokenizer.json from the real bert4keras 0.11.5.

TF_USE_LEGACY_KERAS=1 python tests/golden/make_tokenizer.py LIC2019_FOLDER ENCODER_FOLDER
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from reference import load_bert4keras  # noqa: E402
from tokenizer_cases import CASES, VOCABULARY, lic2019_digest, tokens_of  # noqa: E402

lic2019, encoder = map(Path, sys.argv[1:])
Tokenizer = load_bert4keras().tokenizers.Tokenizer
token_ids = {token: number for number, token in enumerate(VOCABULARY)}
golden = {}
for lowercase in (True, False):
    tokenizer = Tokenizer(dict(token_ids), do_lower_case=lowercase)
    golden[f"lowercase={lowercase}"] = {
        "ids": [tokenizer.encode(text, maxlen=64)[0] for text in CASES],
        "tokens": tokens_of(tokenizer, 64),
    }
real = Tokenizer(str(encoder / "vocab.txt"), do_lower_case=True)
golden["lic2019"] = lic2019_digest(lambda text: real.encode(text)[0], lic2019)
(HERE / "tokenizer.json").write_text(json.dumps(golden), encoding="utf-8")

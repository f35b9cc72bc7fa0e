"""Texts on which BERT tokenizers differ, shared by the parity tests and their golden files."""

import hashlib
import json

import numpy as np

#: The vocabulary of the golden file; the real one is not in the repository.
VOCABULARY = [
    *["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    *"abcdefghijklmnopqrstuvwxyz0123456789",
    *["##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"],
    *"，。《》！？、：；（）,.!?:;()[]#-_/'\"·—…",
    *"北京的电影由周星驰主演是中国人在一年月日",
    *["σ", "##σ", "ς", "##ς", "ο", "##ο", "ᄒ", "##ᅡ", "##ᆫ", "ﬁ", "ß", "ı"],
    *["king", "nova", "2003", "##00", "the", "mask"],
]

CASES = [
    "",
    " ",
    "《电影》由周星驰主演，2003年5月。",
    "NOVA Kings 200300",
    "ΟΔΟΣ ΟΣ Σ ΣΑΣ",
    "İstanbul Iı ß ﬁ Å Ǆ",
    "café cafe\u0301 ộ o\u0302\u0323 n\u0303",
    "한글 한 글",
    "[MASK] [CLS] [UNK] 中[SEP]国",
    "\ue000 a\ue000b \U000f0000",
    "a\x00b\x07c\u200bd\ufeffe\xadf\ufffdg",
    "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g",
    "全角　空格\u3000Ａ１，\u00a0x\u2003y",
    "🎉👩‍👩‍👧 emoji 中🎉国",
    "x" * 99,
    "x" * 101 + " y",
    "x" * 200 + " y",
    "x" * 201 + " y",
    "\U00020000\U0002a6df㐀豈",
    "a\U0001d165\U0001d16d\u0300b",
    "῎Ω ΐ \u0345\u0300",
    "don't 3.5% a_b-c/d#e",
]


def tokens_of(tokenizer, maxlen):
    """Return the tokens of all cases in bert4keras's form."""
    return [tokenizer.tokenize(text, maxlen) for text in CASES]


def lic2019_digest(encode, folder):
    """Return one digest of the ids of all texts and words of LIC2019."""
    digest = hashlib.sha256()
    for name in ("train_data.json", "dev_data.json"):
        with (folder / name).open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                words = [spo[end] for spo in row["spo_list"] for end in ("subject", "object")]
                for text in [row["text"], *words]:
                    digest.update(np.array(encode(text), np.int32).tobytes())
    return digest.hexdigest()

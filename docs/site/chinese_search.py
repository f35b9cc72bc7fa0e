"""A search that finds Chinese: by characters and by pairs of characters, without a dictionary."""

import re

from sphinx.search.en import SearchEnglish

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
WORDS = re.compile(rf"[{CHINESE}]+|[^\W{CHINESE}]+")

SPLITTER = f"""
function splitQuery(query) {{
  const words = query.match(/[{CHINESE}]+|[\\p{{L}}\\p{{N}}_]+/gu) || [];
  return words.flatMap((word) => {{
    if (!/^[{CHINESE}]/.test(word) || word.length < 2) return [word];
    return Array.from({{ length: word.length - 1 }}, (_, i) => word.slice(i, i + 2));
  }});
}}
"""


def is_chinese(word: str) -> bool:
    return re.match(f"[{CHINESE}]", word) is not None


class EnglishAndChinese(SearchEnglish):
    """English by stems. Of a run of Chinese each character and each pair is a word."""

    lang = "en-zh"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:
        found: list[str] = []
        for word in WORDS.findall(input):
            if is_chinese(word):
                found += [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
            else:
                found.append(word)
        return found

    def word_filter(self, word: str) -> bool:
        return is_chinese(word) or super().word_filter(word)


def setup(app):
    app.add_search_language(EnglishAndChinese)
    return {"parallel_read_safe": True}

"""Files that are clearly in another encoding are read, and the description says so."""

import gzip
import io
import sys

import pytest

from gplinker_tf.data import TextInput, read_examples, read_texts, split_file
from gplinker_tf.data.formats.encodings import GBK, UTF_8, encoding_of

CHINESE = "这是一部由周星驰主演的电影，在香港上映。"
TABLE = f"text,subject,predicate,object\n{CHINESE},周星驰,主演,电影\n二,,,\n"
LINES = f'{{"text": "{CHINESE}", "spo_list": []}}\n'


@pytest.mark.parametrize(("name", "content"), [("a.csv", TABLE), ("a.json", LINES), ("a", TABLE)])
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        *[("gbk", GBK), ("gb18030", GBK), ("utf-16", "UTF-16"), ("utf-8-sig", "")],
        *[("utf-16-be", "UTF-16"), ("utf-8", "")],
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_another_encoding_is_read(tmp_path, name, content, encoding, shown, pack):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path = tmp_path / name
    path.write_bytes(pack((mark + content).encode(encoding)))
    source = TextInput(path)
    assert (f", in {shown} (by" in source.description) == bool(shown)
    [first, *rest] = read_examples(source)
    assert first.text == CHINESE and len(rest) == (content == TABLE)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8"])
def test_standard_input_is_in_the_encoding_of_what_has_arrived(monkeypatch, encoding):
    content = io.BytesIO((LINES + LINES.replace("电影", "戏")).encode(encoding))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(content)))
    source = TextInput("-")
    assert content.tell() == 0, "opening it waits for nothing"
    assert list(read_texts(source)) == [CHINESE, CHINESE.replace("电影", "戏")]
    assert (", in " in source.description) == (encoding != "utf-8")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_turns_out_to_be_gbk(monkeypatch, pack):
    content = io.BytesIO(pack(b"Ada wrote Tin\n" * 5000 + LINES.encode("gbk") * 2))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(content)))
    *others, one, other = read_texts(TextInput("-", "text"))
    assert len(others) == 5000 and one == other == LINES.rstrip()


@pytest.mark.parametrize(
    "content",
    [
        "이것은 한국어 문장입니다. 에다가 책을 썼습니다.\n".encode("euc-kr"),
        "これは日本語の文章です。本を書きました。\n".encode("euc-jp"),
        "Это русский текст о книгах и людях\n".encode("cp1251"),
        "這是一部由周星馳主演的電影，在香港上映。\n".encode("big5"),
        "Größe für München, où l'été\n".encode("cp1252"),
        f"{CHINESE}\n".encode() + f"{CHINESE}\n".encode("gbk"),
        b"Ada wrote Tin\n",
        b"",
    ],
)
def test_what_is_not_certain_is_utf_8(tmp_path, content):
    path = tmp_path / "texts.txt"
    path.write_bytes(content * 3)
    assert encoding_of(path) == UTF_8


def test_a_split_is_written_in_utf_8(tmp_path):
    for encoding in ("gbk", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(TABLE.encode(encoding))
        parts = split_file(path, tmp_path / encoding, report=lambda line: None)
        texts = [text for part in parts for text in read_texts(part)]
        assert sorted(texts) == sorted([CHINESE, "二"])
        assert all("object" in part.read_text("utf-8") for part in parts)

"""Readers: damaged files and invalid numbers."""

import gzip
import json
import re
from pathlib import Path

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import TextInput, read_examples, read_texts

TEXTS = [json.dumps({"text": str(number * 7919), "spo_list": []}) for number in range(300)]


def test_a_gzip_file_damaged_inside(tmp_path):
    damaged = bytearray(gzip.compress("\n".join(TEXTS).encode()))
    # The first byte after the header: a final block with the type that RFC 1951 reserves.
    damaged[10] = 0b111
    path = tmp_path / "train_data.json.gz"
    path.write_bytes(damaged)
    with pytest.raises(InputError, match=r"train_data\.json\.gz:1: expected a complete gzip file"):
        read_examples(path)


@pytest.mark.parametrize("score", ["NaN", "-Infinity", "1" + "0" * 400, "true", '"high"', "[1]"])
def test_a_score_that_is_no_finite_number(tmp_path, score):
    path = tmp_path / "found.jsonl"
    triple = f'{{"subject": "a", "predicate": "p", "object": "b", "score": {score}}}'
    path.write_text(f'{TEXTS[0]}\n{{"text": "a b", "spo_list": [{triple}]}}\n')
    with pytest.raises(InputError, match=r"found\.jsonl:2: expected a finite number"):
        read_examples(path)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_leaves_nothing(tmp_path, limit):
    path = tmp_path / "data.json"
    path.write_text(TEXTS[0])
    with pytest.raises(InputError, match=f"limit={limit}"):
        read_examples(path, limit=limit)


ROW = {
    "json": '{"text": "周星驰主演", "spo_list": []}',
    "csv": "text,subject,predicate,object",
    "tsv": "text\tsubject\tpredicate\tobject",
}
CELLS = {"json": ROW["json"], "csv": "周星驰主演,,,", "tsv": "周星驰主演\t\t\t"}
FORMATS = pytest.mark.parametrize("suffix", ROW)


def damaged(folder, suffix, content):
    path = folder / f"data.{suffix}"
    path.write_bytes(content)
    return path


@FORMATS
def test_a_line_in_another_encoding(tmp_path, suffix):
    path = damaged(tmp_path, suffix, f"{ROW[suffix]}\n\n".encode() + "《喜剧之王》".encode("gbk"))
    with pytest.raises(InputError, match="reads as GBK: '《喜剧之王》'") as caught:
        read_examples(path)
    assert str(caught.value).startswith(f"{path}:3: expected UTF-8")
    advice = "sed -n 3p FILE | iconv -f GB18030" if suffix == "json" else "Convert the file: iconv"
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    "text", ["Müller était né à Orléans", "Größe", "ÄÖÜ", "“Ada” wrote Tin", "naïve – or not"]
)
@pytest.mark.parametrize("suffix", ["json", "csv", "txt"])
def test_western_letters_are_not_taken_for_gbk(tmp_path, suffix, text):
    path = damaged(tmp_path, suffix, text.encode("cp1252"))
    with pytest.raises(
        InputError, match=rf"data\.{suffix}:1: .*Windows-1252: '{text[:15]}"
    ) as caught:
        list(read_texts(path))
    assert f"iconv -f WINDOWS-1252 -t UTF-8 {path} > NEW" in str(caught.value)
    assert "GBK" not in str(caught.value)


def test_a_damaged_byte_is_no_other_encoding(tmp_path):
    path = damaged(tmp_path, "json", "《喜剧之王》\n".encode() + "由周星驰主演".encode()[:-1])
    with pytest.raises(InputError, match=r"data\.json:1: expected a JSON object"):
        read_examples(path)
    path = damaged(tmp_path, "txt", "《喜剧之王》\n".encode() + "由周星驰主演".encode()[:-1])
    with pytest.raises(InputError, match=r"data\.txt:2: .*Convert the file to UTF-8\."):
        list(read_texts(path))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"PK\x03\x04\x14\x00", r"a zip file, such as \.docx\. Unpack it"),
        (b"x\x9c\x14\x00", r"a zlib file\. Unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1", r"such as \.xls\. Save the sheet"),
        (b"%PDF-1.7\n", "pdftotext"),
        (b"\xfd7zXZ\0\0", "unxz"),
        (b"\x89PNG\r\n", "OCR"),
        (b"SQLite format 3\0", "Save its table as CSV"),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.json", "data"])
def test_other_kinds_of_files_are_named(tmp_path, content, advice, name):
    path = tmp_path / name
    path.write_bytes(content + b"\n\0\xff")
    for read in (read_examples, lambda path: list(read_texts(path))):
        with pytest.raises(InputError, match=rf":1: expected text\. Received: .*{advice}"):
            read(path)


@FORMATS
@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"\xe9\x01\x02", r"byte 1 of the line\. It has control characters, so it is not text"),
        ("a \ud83d b".encode("utf-8", "surrogatepass"), "an unpaired surrogate at byte 3 of"),
    ],
)
def test_a_line_in_no_encoding_is_set_aside_alone(tmp_path, suffix, line, message):
    lines = [ROW[suffix].encode(), line, CELLS[suffix].encode()]
    path, errors = damaged(tmp_path, suffix, b"\n".join(lines)), []
    assert read_examples(TextInput(path, set_aside=errors.append))
    [error] = errors
    assert re.search(message, str(error)) and "iconv" not in str(error)


def test_what_the_system_refuses_is_told(tmp_path):
    with pytest.raises(InputError, match="which is a folder"):
        read_examples(tmp_path)
    unreadable = Path("/proc/self/mem")  # reading its first bytes is an input/output error
    if unreadable.exists():
        with pytest.raises(InputError, match=r"mem: cannot be read \(Input/output error\)"):
            read_examples(unreadable)


@FORMATS
def test_utf_16_without_a_mark_has_nul_bytes(tmp_path, suffix):
    path = damaged(tmp_path, suffix, ROW[suffix].replace("周星驰主演", "ab").encode("utf-16-le"))
    with pytest.raises(InputError, match=r":1: expected text\. Received: a NUL byte, character 2"):
        read_examples(path)


@FORMATS
def test_old_mac_line_ends(tmp_path, suffix):
    path = damaged(tmp_path, suffix, f"{ROW[suffix]}\r{ROW[suffix]}\r".encode())
    with pytest.raises(InputError, match=r":1: .*carriage returns only.*tr '\\r' '\\n'"):
        read_examples(path)


@FORMATS
def test_a_byte_order_mark_crlf_and_blank_lines_are_no_damage(tmp_path, suffix):
    lines = [ROW[suffix], "", CELLS[suffix], "   ", CELLS[suffix], ""]
    path = damaged(tmp_path, suffix, "\r\n".join(lines).encode("utf-8-sig"))
    texts = [example.text for example in read_examples(path)]
    assert texts == ["周星驰主演"] * (3 if suffix == "json" else 1)

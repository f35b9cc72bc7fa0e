"""CSV and TSV: their variants, and an error with the line number for each kind of bad row."""

import csv
import gzip

import pytest

from gplinker_tf import Example, InputError, Schema, Span, Triple
from gplinker_tf.data import read_examples, read_numbered_examples

HEADER = "text,subject,predicate,object"


def table(folder, *lines, name="train.csv"):
    path = folder / name
    path.write_bytes("\n".join(lines).encode())
    return path


def words(path):
    """Return the triples of each text as words."""
    return {e.text: [triple.words for triple in e.triples] for e in read_examples(path)}


def test_rows_of_one_text_are_one_example_wherever_they_stand(tmp_path):
    path = table(
        tmp_path,
        HEADER,
        "Ada wrote Tin,Tin,written by,Ada",
        "It rained,,,",
        "",
        "Bo knows Cy,Bo,knows,Cy",
        ",,,",
        "Ada wrote Tin,Ada,wrote,Tin",
        "Bo knows Cy,,,",
    )
    ada = (
        Triple(Span("Tin"), "written by", Span("Ada")),
        Triple(Span("Ada"), "wrote", Span("Tin")),
    )
    bo = (Triple(Span("Bo"), "knows", Span("Cy")),)
    assert read_numbered_examples(path) == [
        (2, Example("Ada wrote Tin", ada)),
        (3, Example("It rained")),
        (5, Example("Bo knows Cy", bo)),
    ]
    assert read_examples(path, limit=1) == [Example("Ada wrote Tin", ada)]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.CSV", "a.csv.gz", "a.tsv.gz"])
def test_columns_in_any_order_and_what_the_csv_module_writes(tmp_path, name):
    text = 'He said "one, two"\tand left.\nA new line; 好，的'
    rows = [
        ["note", "object", " Predicate", "text", "subject", ""],
        ["?", "one, two", "said", text, "He", ""],
        ["", "", "", 'Nothing "here"', "", ""],
    ]
    path = tmp_path / name
    opened = gzip.open if name.endswith(".gz") else open
    with opened(path, "wt", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter="\t" if ".tsv" in name else ",").writerows(rows)
    assert words(path) == {text: [("He", "said", "one, two")], 'Nothing "here"': []}
    assert [number for number, _ in read_numbered_examples(path)] == [2, 4]


def test_a_cells_line_breaks_stay_and_the_physical_line_is_named(tmp_path):
    path = table(tmp_path, HEADER, '"a\r\nb', 'c",a,p,b', "x,a,q,b")
    assert list(words(path)) == ["a\r\nb\nc", "x"]
    with pytest.raises(InputError, match=r"train\.csv:5: .*Received: 'q'"):
        read_examples(path, Schema((("", "p", ""),)))


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["Ada wrote Tin,Ada,wrote,Tin"], 1, "a table with the header"),
        (["", "text,subject,verb,object"], 2, "Received: 'text,subject,verb,object'"),
        (["text,text,subject,predicate,object"], 1, "once"),
        (["text subject predicate object"], 1, r"Received: 'text subject"),
        ([HEADER, "x,a,p,b", "Ada, who wrote,a,p,b"], 3, "expected 4 cells.*Received: 5"),
        ([HEADER, "x,a,p"], 2, "expected 4 cells.*Received: 3"),
        ([HEADER, "", "x,a,,b"], 3, "no predicate, but 'a'"),
        ([HEADER, "x, ,p,"], 2, "no subject and no object, but 'p'"),
        ([HEADER, "x,a,p,b", '"y,a,p,b', "z,a,p,b"], 3, "not closed by line 4"),
        ([HEADER, '"y" z,a,p,b'], 2, "double any inside it"),
        ([HEADER, '"y,a,p,b', '"z",a,p,b'], 2, "in line 3"),
        ([HEADER, '"' + "y" * 140_000], 2, "limit.*not closed"),
        ([HEADER, "x,a,p,b", "y,a\0,p,b"], 3, "a NUL byte, character 4 of the line"),
    ],
)
def test_a_bad_row_is_named(tmp_path, lines, line, message):
    path = table(tmp_path, *lines)
    with pytest.raises(InputError, match=message) as caught:
        read_examples(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(("lines", "message"), [([], "header"), ([HEADER], "no line")])
def test_a_table_without_rows(tmp_path, lines, message):
    with pytest.raises(InputError, match=rf"train\.csv: .*{message}"):
        read_examples(table(tmp_path, *lines))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["train.csv", "train"])
def test_columns_as_other_programs_call_them(tmp_path, delimiter, name):
    rows = [
        ["id", "Sentence", "head", "relation", "tail"],
        ["7", "Ada wrote Tin", "Ada", "wrote", "Tin"],
    ]
    path = tmp_path / name
    path.write_text("\n".join(map(delimiter.join, rows)), "utf-8")
    [example] = read_examples(path)
    assert example.text == "Ada wrote Tin"
    assert [triple.words for triple in example.triples] == [("Ada", "wrote", "Tin")]


def test_a_start_alone_is_an_offset_as_deepke_writes_it(tmp_path):
    header = "sentence,relation,head,head_offset,tail,tail_offset"
    path = table(
        tmp_path,
        header,
        "Ada saw Ada,saw,Ada,0,Ada,8",
        "Ada saw Ada,saw,Ada,8,Ada,0",
        "x y,p,x,,y,",
    )
    first, second = read_examples(path)
    places = [(triple.subject.start, triple.object.end) for triple in first.triples]
    assert places == [(0, 11), (8, 3)]
    assert second.triples == (Triple(Span("x"), "p", Span("y")),)
    for offset, message in (("1", r"Received: \[1, 4\]"), ("x", "whole numbers.*'x'")):
        path = table(tmp_path, header, f"Ada saw Ada,saw,Ada,{offset},Ada,8")
        with pytest.raises(InputError, match=message):
            read_examples(path)
    with pytest.raises(InputError, match=r"whole numbers.*Received: '' and '3'"):
        read_examples(table(tmp_path, f"{HEADER},subject_end", "Ada,Ada,p,Ada,3"))


def test_a_column_has_its_own_name_before_another(tmp_path):
    path = tmp_path / "train.csv"
    path.write_text("text,sentence,subject,predicate,object\na b c,other,a,b,c\n", "utf-8")
    assert read_examples(path)[0].text == "a b c"

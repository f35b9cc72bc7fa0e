"""The contract of every output format: it writes what it is given, or says why it can't."""

from dataclasses import replace

import pytest

from gplinker_tf import Example, InputError, Span, Triple
from gplinker_tf.data import (
    FORMATS,
    OUTPUT_FORMATS,
    ExtractionOutput,
    TextInput,
    as_examples,
    read_examples,
    with_offsets,
)

TEXT = "Ada wrote Tin. Ada saw a man"
ADA, TIN = Span("Ada", 0, 3, "Person"), Span("Tin", 10, 13)
WROTE = Triple(ADA, "wrote", TIN)

#: Examples that a format could fail to write correctly.
WRITABLE = {
    "offsets": Example(TEXT, (WROTE,)),
    "no triples": Example("Nobody."),
    "several slots": Example(TEXT, (WROTE, Triple(ADA, "wrote_about", Span("man", 25, 28)))),
    "two types": Example(TEXT, (WROTE, Triple(replace(ADA, type="Writer"), "sold", TIN))),
    "overlapping": Example(TEXT, (Triple(Span("Ada wrote", 0, 9), "p", Span("wrote Tin", 4, 13)),)),
    "one word in two triples": Example(TEXT, (WROTE, Triple(TIN, "written by", ADA))),
    "line ends": Example(
        "Ada\r\nTin\u2028\x85 \n", (Triple(Span("Ada", 0, 3), "p", Span("Tin", 5, 8)),)
    ),
}
#: The second Ada and the man are in no triple; the first Ada has two types.
UNLINKED = Example(
    TEXT,
    (WROTE,),
    (Span("Ada", 0, 3, "Writer"), Span("Ada", 15, 18, "Person"), Span("man", 25, 28)),
)
WORDS = {
    "words": Example(TEXT, (Triple(Span("Ada"), "wrote", Span("Tin", type="Book")),)),
    "a word": Example(TEXT, (Triple(ADA, "wrote", Span("Tin")),)),
    "a word in no triple": Example(TEXT, (), (Span("man", type="Person"),)),
}
UNWRITABLE = {
    "offsets of another word": (Example(TEXT, (replace(WROTE, subject=Span("Ada", 1, 4)),)), "at"),
    "offsets outside": (Example(TEXT, (replace(WROTE, object=Span("Tin", 90, 93)),)), "at"),
    "half an offset": (Example(TEXT, (replace(WROTE, subject=Span("Ada", 0)),)), "neither"),
    "an empty word": (Example(TEXT, (replace(WROTE, subject=Span("")),)), "Leave it out"),
    "half a character": (Example("Ada \ud800"), "Write the complete character"),
    "half a character in a type": (
        Example(TEXT, (replace(WROTE, object=replace(TIN, type="\ud800")),)),
        "Write the complete character",
    ),
}

each_format = pytest.mark.parametrize("name", OUTPUT_FORMATS)
NEEDING = [name for name, kind in OUTPUT_FORMATS.items() if kind.needs_offsets]


def written(path, name, *examples):
    with ExtractionOutput(OUTPUT_FORMATS[name](), path) as output:
        for example in examples:
            output.write(example.as_extraction())
    return path


def expect_read_back(path, name, *examples):
    """Check what was written; if the format can't be read, check only that the words are there."""
    if not OUTPUT_FORMATS[name].has_entities:
        examples = [replace(example, unlinked=()) for example in examples]
    if name in FORMATS:
        assert read_examples(TextInput(path, name)) == list(examples)
        return
    files = [path / file for file in OUTPUT_FORMATS[name].files] or [path]
    content = "".join(file.read_text("utf-8") for file in files)
    for example in examples:
        for span in example.entities:
            assert span.text in content


@each_format
@pytest.mark.parametrize("case", [*WRITABLE, "unlinked"])
def test_what_is_written_is_read_back(tmp_path, name, case):
    example = WRITABLE.get(case, UNLINKED)
    other = Example("Bo slept", (Triple(Span("Bo", 0, 2), "did", Span("slept", 3, 8)),))
    expect_read_back(written(tmp_path / "a", name, other, example), name, other, example)


@each_format
@pytest.mark.parametrize("case", WORDS)
def test_words_without_offsets_are_written_or_refused_with_a_way_out(tmp_path, name, case):
    example, path = WORDS[case], tmp_path / "a"
    if name not in NEEDING:
        expect_read_back(written(path, name, example), name, example)
        return
    with pytest.raises(InputError, match=r"text 2 for .*a: expected .*with_offsets") as caught:
        written(path, name, Example("Nobody."), example)
    for other in set(OUTPUT_FORMATS) - set(NEEDING):
        assert other in str(caught.value)
    expect_read_back(path, name, Example("Nobody."))
    placed, path = with_offsets(example), tmp_path / "b"
    assert [triple.words for triple in placed.triples] == [t.words for t in example.triples]
    expect_read_back(written(path, name, placed), name, placed)


@each_format
@pytest.mark.parametrize("case", UNWRITABLE)
def test_what_nobody_could_read_is_refused_before_anything_is_written(tmp_path, name, case):
    example, way_out = UNWRITABLE[case]
    expected, path = written(tmp_path / "expected", name), tmp_path / "a"
    with pytest.raises(InputError, match=rf"text 1 for .*: expected .*Received: .*{way_out}"):
        written(path, name, example)
    for file in OUTPUT_FORMATS[name].files or [""]:
        assert (path / file).read_bytes() == (expected / file).read_bytes()


@pytest.mark.parametrize("name", NEEDING)
def test_a_word_that_is_not_in_the_text_is_told(tmp_path, name):
    example = Example(TEXT, (Triple(Span("Bo"), "wrote", TIN),))
    assert with_offsets(example) == example
    with pytest.raises(InputError, match=r"Received: Span\('Bo'\)\. It does not occur"):
        written(tmp_path / "a", name, example)


def test_words_get_their_nearest_places():
    words = Example(
        "周星驰导演，《喜剧之王》由周星驰主演",
        (
            Triple(Span("喜剧之王", type="影视作品"), "主演", Span("周星驰")),
            Triple(Span("周星驰", 0, 3), "x", Span("王")),
        ),
        (Span("周星驰"), Span("没有")),
    )
    first, second = with_offsets(words).triples
    assert first == Triple(Span("喜剧之王", 7, 11, "影视作品"), "主演", Span("周星驰", 13, 16))
    assert (second.subject.start, second.object.start) == (0, 10)
    assert with_offsets(words).unlinked == (Span("周星驰", 0, 3), Span("没有"))


def test_entities_without_offsets_stay_so_in_memory():
    example = replace(UNLINKED, unlinked=(Span("man", type="Person"),))
    assert as_examples([example, ("a", [])])[0] == example

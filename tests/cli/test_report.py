"""`gplinker report`: from a run folder to report.md and report.html."""

import json
import re
import shutil
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from gplinker_tf import Example, Extraction, Schema, Span, Triple
from gplinker_tf.alignment import TextWindows
from gplinker_tf.cli.app import app
from gplinker_tf.errors_by_cause import Cause, Mistake, find_mistakes
from gplinker_tf.metrics import Evaluation, ScoreCounts, evaluate_triples
from gplinker_tf.report import RunReport, markdown_report, markdown_summary, page
from gplinker_tf.report._remarks import remarks
from gplinker_tf.report.run_report import CauseRow
from gplinker_tf.runs import write_predictions
from gplinker_tf.tokenizers import BertTokenizer

pytestmark = pytest.mark.slow

EVIL = '<script>alert("x")</script> & *bold* | $title'
VOID = {"meta", "br", "hr", "img", "link", "input"}


def gplinker(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def triple(subject, predicate, object_):
    return Triple(Span(subject), predicate, Span(object_))


@pytest.fixture
def run(run_folder, tmp_path):
    folder = tmp_path / "a <b>run"
    shutil.copytree(run_folder, folder)
    (folder / "dev_pred.json").unlink()
    return folder


@pytest.fixture
def lines(sample):
    from gplinker_tf.data import read_examples

    return read_examples(sample / "dev_data.json", limit=12)


def keep(run, examples, extractions, tokenize=list):
    write_predictions(run / "dev_pred.json", examples, extractions, tokenize)


class Parsed(HTMLParser):
    """A page whose tags must be balanced: its ids, links, and the text of its articles."""

    def __init__(self, source):
        super().__init__()
        self.open, self.ids, self.tags, self.attributes = [], [], [], []
        self.articles = []
        self.feed(source)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag == "article":
            self.articles.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "article" in self.open:
            self.articles[-1] += data


def test_a_run_alone(run, lines):
    found = [Extraction(line.text, line.triples[1:]) for line in lines]
    first = lines[0].triples[0]
    found[0] = Extraction(lines[0].text, (triple(first.object.text, *first.words[1::-1]),))
    keep(run, lines, found)
    before = {item.name for item in run.iterdir()}
    result = gplinker("report", run)
    assert result.exit_code == 0, result.output
    assert {item.name for item in run.iterdir()} - before == {"report.md", "report.html"}
    annotated = sum(len(set(line.triples)) for line in lines)
    assert f"12 texts, {annotated} gold triples" in result.output
    assert re.search(r"\| subject and object swapped +\| +1 \|", result.output)
    assert "## Epochs" in result.output and "| 2     |" in result.output
    markdown = (run / "report.md").read_text("utf-8")
    assert "## Subject and object swapped: 1" in markdown
    parsed = Parsed((run / "report.html").read_text("utf-8"))
    assert len(parsed.articles) == markdown.count("\n- ")
    assert any(lines[0].text in article for article in parsed.articles)
    assert parsed.ids.count("subject-and-object-swapped") == 1


def test_other_lines_and_another_folder(run, sample, tmp_path):
    data, output = tmp_path / "lines.json", tmp_path / "new" / "folder"
    data.write_text("\n".join((sample / "dev_data.json").read_text("utf-8").splitlines()[:5]))
    result = gplinker("report", run, "--data", data, "--output", output, "--examples", 1)
    assert result.exit_code == 0, result.output
    assert "5 texts" in result.output
    assert not (run / "report.md").exists() and not (run / "dev_pred.json").exists()
    assert sorted(item.name for item in output.iterdir()) == ["report.html", "report.md"]
    markdown = (output / "report.md").read_text("utf-8")
    assert markdown.count("\n- ") == len(re.findall(r"^## [A-Z][a-z ]+: \d+$", markdown, re.M))


def test_nothing_found_says_why_that_can_be(run, lines):
    keep(run, lines, [Extraction(line.text) for line in lines])
    history = [
        {"epoch": n, "loss": loss, "f1": 0.0, "raw_f1": loss / 1000}
        for n, loss in ((1, 90.0), (2, 40.0))
    ]
    (run / "history.jsonl").write_text("".join(json.dumps(record) + "\n" for record in history))
    result = gplinker("report", run)
    assert result.exit_code == 0 and "F1 0.0000" in result.output
    assert "still falling (90.00, then 40.00" in result.output
    assert "Without averaging, F1 was 0.0900" in result.output
    assert "| 2     | 40.00 |" in result.output
    assert "Nothing was found" in (run / "report.html").read_text("utf-8")
    (run / "history.jsonl").unlink()
    result = gplinker("report", run)
    assert "no history.jsonl" in result.output and "## Epochs" not in result.output


@pytest.mark.parametrize(
    ("losses", "f1", "remark"),
    [
        ([90.0], 0.0, "one epoch long"),
        ([90.0, 40.0, 91.0], 0.0, "not down: lower the learning rate"),
        ([90.0, 40.0, 39.9], 0.0, "plateaued"),
        ([90.0, 9.0], 0.25, "has an F1 of 0.2500"),
    ],
)
def test_what_the_history_says_of_an_f1_of_0(losses, f1, remark):
    history = [{"epoch": 1, "loss": loss} for loss in losses]
    history[-1]["f1"] = f1
    assert remark in " ".join(remarks(ScoreCounts(annotated=5), history))
    assert not list(remarks(ScoreCounts(correct=1, found=1, annotated=5), history))


def test_no_gold_at_all(run, lines):
    found = [Extraction(line.text, line.triples) for line in lines]
    keep(run, [Example(line.text) for line in lines], found)
    result = gplinker("report", run)
    assert result.exit_code == 0 and "No line has a gold triple" in result.output
    assert "spurious" in result.output and "not found" not in result.output
    keep(run, [Example(line.text) for line in lines], [Extraction(line.text) for line in lines])
    result = gplinker("report", run)
    assert result.exit_code == 0 and "No errors." in result.output
    assert "<h2>No errors</h2>" in (run / "report.html").read_text("utf-8")


def test_all_right(run, lines):
    keep(run, lines, [Extraction(line.text, line.triples) for line in lines])
    result = gplinker("report", run)
    assert "F1 1.0000" in result.output and "No errors." in result.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Write it again: gplinker evaluate RUN --data FILE"),
        ("", "dev_pred.json: expected one JSON object per text"),
        ('{"text": "a",\n "spo_list": [],\n', "dev_pred.json:3: expected JSON objects"),
        ('{"text": "a"}', "dev_pred.json:1: expected text, spo_list and spo_list_pred"),
        (
            '\n{"text": "", "spo_list": [], "spo_list_pred": []}\n[]',
            "dev_pred.json:3: expected text",
        ),
        ('{"text": "a", "spo_list": [["b", "p"]], "spo_list_pred": []}', "dev_pred.json:1: "),
        ('{"text": "a", "spo_list": [["b", "p", 3]], "spo_list_pred": []}', "int in place"),
        ('{"text": "a", "spo_list": ["bpc"], "spo_list_pred": []}', "str in place of a list"),
        ('{"text": "\\ud800", "spo_list": [], "spo_list_pred": []}', "dev_pred.json:1: "),
        (b'{"text":\n"\xff"', "dev_pred.json:2: expected UTF-8"),
    ],
    ids=range(10),
)
def test_no_predictions_or_damaged_ones(run, content, message):
    if content is not None:
        content = content if isinstance(content, bytes) else content.encode()
        (run / "dev_pred.json").write_bytes(content)
    result = gplinker("report", run)
    assert result.exit_code == 2 and not isinstance(result.exception, ValueError)
    assert message in result.output
    assert not (run / "report.md").exists()


def test_other_bad_input(run, lines, tmp_path):
    assert "is not a folder" in gplinker("report", tmp_path / "missing").output
    keep(run, lines, [Extraction(line.text) for line in lines])
    result = gplinker("report", run, "--output", run / "vocab.txt")
    assert result.exit_code == 2 and "Expected a folder" in result.output
    for damage in ("{", '{"loss": 1.0}', '{"epoch": 1, "f1": "high"}', "[1]"):
        (run / "history.jsonl").write_text(f'{{"epoch": 1}}\n{damage}\n')
        result = gplinker("report", run)
        assert (
            result.exit_code == 2
            and "history.jsonl:2: expected the record of an epoch" in result.output
        )
    assert gplinker("report", run, "--examples", -1).exit_code == 2


def report_of(text, gold, found, **options):
    examples, extractions = [Example(text, gold)], [Extraction(text, found)]
    tokens = sorted({c.lower() for c in text if not c.isspace()})
    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *tokens])
    mistakes = find_mistakes(
        examples, extractions, tokenizer, Schema((("", "p", ""),)), TextWindows()
    )
    evaluation = evaluate_triples(examples, extractions, tokenizer.tokenize)
    return RunReport("run", 1, evaluation, tuple(mistakes), **options)


def test_every_text_is_escaped():
    evil = triple(EVIL, EVIL, EVIL)
    report = report_of(f"{EVIL}，{EVIL}", (evil,), (), history=({"epoch": 1},))
    report = RunReport(**{**vars(report), "name": EVIL})
    source = page(report)
    parsed = Parsed(source)
    assert parsed.tags.count("script") == 1 and source.count("<script") == 1
    assert EVIL in parsed.articles[0]
    assert json.loads(next(v for _, k, v in parsed.attributes if k == "data-predicates")) == [EVIL]
    markdown = markdown_report(report)
    assert "<" not in markdown and r"\*bold\* \|" in markdown and "$title" in markdown


def test_texts_worth_a_look_come_first_and_are_escaped():
    right = [triple(f"{letter}0", "p", "x") for letter in "abc"]
    evil = Triple(Span(EVIL), EVIL, Span("x"), 12.34)
    text = f"a0 b0 c0 x {EVIL}"
    report = report_of(text, (*right, triple("c0", "p", "a0")), (*right, evil))
    source, markdown = page(report), markdown_report(report)
    parsed = Parsed(source)
    assert source.count("<script") == 1 and EVIL in parsed.articles[0]
    assert source.index("Worth a look first") < source.index("By cause")
    assert "extra triple" in parsed.articles[0] and "score 12.3" in parsed.articles[0]
    # Missed triples are in the same article, and each cause links to its advice.
    assert "c0" in parsed.articles[0]
    assert {("a", "href", "#spurious"), ("a", "href", "#not-found")} <= set(parsed.attributes)
    first = markdown.index("## Worth a look first: 1\n")
    assert first < markdown.index("## By cause") and "<" not in markdown
    assert "- 1, extra triple: ⟦" in markdown and "  - spurious: found &lt;script" in markdown
    assert "Worth a look" not in markdown_summary(report)
    for form in (page, markdown_report):
        assert "Worth a look" not in form(RunReport(**{**vars(report), "examples": 0}))


def test_most_texts_worth_a_look_are_folded():
    counts = ScoreCounts(correct=90, found=100, annotated=100)
    found = Triple(Span("a", 0, 1), "p", Span("b", 1, 2), 9.0, probability=0.875)
    mistakes = [Mistake(number, "ab", Cause.SPURIOUS, found=found) for number in range(1, 31)]
    report = RunReport("run", 30, Evaluation(counts, counts, {}), tuple(mistakes))
    assert "<summary>The other 15</summary>" in page(report)
    assert "(probability 0.88)" in markdown_report(report)


def test_a_model_that_has_not_learned_does_not_question_gold():
    counts = ScoreCounts(correct=1, found=3000, annotated=3600)
    found = triple("a", "p", "b")
    mistakes = (Mistake(1, "ab", Cause.SPURIOUS, found=found),)
    report = RunReport("run", 1, Evaluation(counts, counts, {}), mistakes)
    for content in (page(report), markdown_report(report)):
        assert "Hardly any annotated triples were found: F1 is 0.0003." in content
        assert Cause.SPURIOUS.advice in content and "Worth a look" not in content


def test_the_page_needs_nothing_else():
    text = "红河由李安执导"
    report = report_of(text, (triple("红河", "p", "李安"),), (triple("红河由", "p", "李安"),))
    parsed = Parsed(page(report))
    assert not {"link", "img", "iframe"} & set(parsed.tags)
    for _, name, value in parsed.attributes:
        assert name not in ("src", "style") or value.startswith("width:")
        assert name != "href" or (value.startswith("#") and value[1:] in parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert not re.search(r"https?:|@import|url\(", page(report))
    # Text that both triples share is marked as both, the rest as that of one of them.
    marks = re.findall(r'<mark class="([^"]+)" title="([^"]+)">([^<]+)', page(report))
    assert marks[-3:] == [
        ("gold found", "gold subject, found subject", "红河"),
        ("found", "found subject", "由"),
        ("gold found", "gold object, found object", "李安"),
    ]
    assert "- 1: ‹⟦红河⟧由›⟦‹李安›⟧执导" in markdown_report(report)


def test_predicates_beyond_the_tenth_are_in_the_files():
    gold = tuple(triple("a", f"p{number}", "b") for number in range(14))
    report = report_of("a b", gold, gold[:3], examples=2)
    summary, markdown = markdown_summary(report), markdown_report(report)
    assert "the 10 of 14 with the most errors" in summary and "| p0 " not in summary
    assert all(f"| p{number} " in markdown for number in range(14))
    assert "<summary>The other 4</summary>" in page(report)
    assert "11, 2 shown</small>" in page(report) and markdown.count("\n- ") == 2


def test_examples_come_from_as_many_texts_as_there_are():
    mistakes = [Mistake(number, "", Cause.NOT_FOUND) for number in (1, 1, 1, 2, 2, 3)]
    row = CauseRow(Cause.NOT_FOUND, tuple(mistakes), 1.0, 1.0)
    assert [mistake.number for mistake in row.examples(5)] == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (ScoreCounts(correct=40, found=304_612, annotated=50), "it has not learned yet"),
        (ScoreCounts(correct=1, found=4, annotated=90), "Hardly any annotated triples"),
    ],
)
def test_what_is_said_of_an_f1_of_nearly_0(counts, sentence):
    first, *of_history = remarks(counts, [{"epoch": 1, "loss": 90.0}])
    assert sentence in first and "one epoch long" in of_history[0]

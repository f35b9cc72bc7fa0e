"""`gplinker evaluate` and `evaluate` with further match protocols, on a made-up model."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gplinker_tf
from gplinker_tf import Extraction, InputError, RelationExtractor, Schema, Span, Triple
from gplinker_tf.cli.app import app
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.report import RunReport, markdown_report, page
from gplinker_tf.runs import read_predictions

LINE = (
    '{"text": "王雪纯为《红楼梦》中的晴雯配音", "spo_list": [{"subject": "王雪纯", '
    '"predicate": "配音", "object": {"@value": "晴雯", "inWork": "红楼梦"}}]}\n'
)


class Extractor(RelationExtractor):
    """An extractor that finds the object of the line, and its slot in another spelling."""

    schema = Schema((("人物", "配音", "人物"), ("人物", "配音_inWork", "作品")))
    calibration = None

    def __init__(self):
        self.tokenizer = self

    def tokenize(self, word):
        return [*word]

    def __call__(self, texts, threshold=None, consistent_types=False, **_):
        found = [("配音", "晴雯"), ("配音_inWork", "《红楼梦》")]
        triples = tuple(Triple(Span("王雪纯"), name, Span(word)) for name, word in found)
        kept, removed = (triples[:1], triples[1:]) if consistent_types else (triples, ())
        return [Extraction(text, kept, removed=removed) for text in texts]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(RelationExtractor, "load", lambda *_: Extractor())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dev.json").write_text(LINE, "utf-8")
    (tmp_path / "run").mkdir()
    return "run"


def gplinker(*arguments):
    return CliRunner().invoke(app, [*arguments])


def test_protocols_follow_the_table(run):
    plain = gplinker("evaluate", run, "--data", "dev.json")
    assert plain.exit_code == 0 and "use --protocol; --help lists them\n" in plain.stderr
    result = gplinker("evaluate", run, "--data", "dev.json", "--protocol", "duie, entities")
    assert result.exit_code == 0 and "--protocol" not in result.stderr
    table, end = plain.stdout.split("Predictions: ")
    assert result.stdout.startswith(table) and result.stdout.endswith(end)
    rows = {row.split()[0]: row.split()[1:] for row in result.stdout.splitlines() if row.strip()}
    assert rows["duie"] == ["1.0000", "1.0000", "1.0000", "1", "1"]
    assert rows["entities"] == ["0.6667", "0.6667", "0.6667", "3", "3"]
    assert "\nduie: like exact, ignoring case" in result.stdout


def test_annotated_entities_in_no_triple_count_and_are_told(run):
    entity = '"unlinked": [{"text": "《", "start": 4, "end": 5}], "spo_list"'
    Path("dev.json").write_text(LINE.replace('"spo_list"', entity), "utf-8")
    call = ["evaluate", run, "--data", "dev.json", "--protocol"]
    result = gplinker(*call, "entities")
    assert "\nAnnotated entities in no triple: 1. With --entities the model" in result.stderr
    assert re.search(r"^entities .* 3 +4$", result.stdout, re.MULTILINE)
    for others in (["entities", "--entities"], ["duie"]):
        assert "in no triple" not in gplinker(*call, *others).stderr


def test_what_types_removed_is_counted_and_reported(run):
    call = ["evaluate", run, "--data", "dev.json"]
    assert "removed" not in gplinker(*call).stdout
    result = gplinker(*call, "--consistent-types")
    said = "1 triple removed by entity types: 1 wrong, 0 right"
    assert result.exit_code == 0 and f"\n{said}\n" in result.stdout
    examples, extractions = read_predictions("run/dev_pred.json")
    [triple] = extractions[0].removed
    assert triple.words == ("王雪纯", "配音_inWork", "《红楼梦》")
    evaluation = evaluate_triples(examples, extractions, list)
    assert evaluation.removed.in_words() == said
    report = RunReport("run", 1, evaluation, mistakes=())
    assert said in markdown_report(report) and said in page(report)


def test_a_protocol_that_does_not_exist_is_refused_before_the_model_is_loaded(tmp_path):
    result = gplinker("evaluate", str(tmp_path / "no"), "--data", "no", "--protocol", "duie,head")
    assert result.exit_code == 2 and "Received: protocol='head'" in result.stderr
    with pytest.raises(InputError, match="protocol='head'"):
        gplinker_tf.evaluate(tmp_path / "no", "no", protocols=["head"])


def test_the_documents_python_runs(run, capsys):
    document = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
    [block] = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    exec(block, {})
    assert "'配音': ScoreCounts(" in capsys.readouterr().out

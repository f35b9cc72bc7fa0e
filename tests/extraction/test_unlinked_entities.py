"""Entities found by their own scores, in every model, including those in no triple."""

import json

import numpy as np
import pytest
from tiny import tiny_batch, tiny_of_kind
from typer.testing import CliRunner

from gplinker_tf import Extraction, InputError, RelationExtractor, Schema, Span, Triple
from gplinker_tf.cli.app import app
from gplinker_tf.data import OUTPUT_FORMATS, read_examples
from gplinker_tf.extraction import CompatibleTypes, Predictor
from gplinker_tf.extraction.found_in_text import FoundInText
from gplinker_tf.metrics import PROTOCOLS, evaluate_triples
from gplinker_tf.models import MODELS
from gplinker_tf.structures import Example

pytestmark = pytest.mark.filterwarnings("ignore:The model finds")

MANY = 10**6


def listed(*columns):
    return list(zip(*(column.numpy().tolist() for column in columns), strict=True))


@pytest.mark.parametrize("kind", MODELS)
def test_the_ends_of_triples_are_entities(kind):
    model = tiny_of_kind(kind, seed=4)
    for weight in model.trainable_weights:
        weight.assign((8 if kind == "casrel" else 4) * weight)
    inputs, _ = tiny_batch(seed=3, texts=8, length=11)
    threshold = max(-3.0, model.nested_from)
    triples, _ = model.decode(inputs, threshold, MANY)
    entities = model.decode_entities(inputs, threshold, MANY)
    spans = [(text, *span) for text, span in listed(entities.batch, entities.tokens)]
    roles = dict.fromkeys(entities.role.numpy().tolist())
    sides = {"subject": triples.subject, "object": triples.object}
    if kind == "casrel":
        assert list(roles) == [0]
        del sides["object"]
    for side in sides.values():
        ends = {(text, *span) for text, span in listed(triples.batch, side)}
        assert ends and ends <= set(spans)
    few = model.decode_entities(inputs, threshold, 2)
    assert np.bincount(few.batch.numpy()).max() == 2 < np.bincount(entities.batch.numpy()).max()


def test_types_are_those_of_the_same_words_or_of_the_role():
    schema = Schema((("film", "actor", "person"), ("book", "author", "person")))
    text = "ab cd ab ef"
    found = FoundInText(text, schema)
    found.add((0, 2), 0, (3, 5), 5.0, 1.0)
    for offsets, role in (((0, 2), 0), ((6, 8), 1), ((9, 11), 1), ((9, 10), 0), ((4, 5), -1)):
        found.add_entity(offsets, role)
    extraction = found.extraction()
    assert extraction.unlinked == (
        *(Span("d", 4, 5), Span("ab", 6, 8, "film")),
        *(Span("e", 9, 10), Span("ef", 9, 11, "person")),
    )
    assert [span.start for span in extraction.entities] == [0, 3, 4, 6, 9, 9]


def test_ends_of_a_removed_triple_are_entities_like_others():
    """新加坡 is a country, so its song is removed; 歌 is an entity only if found by itself."""
    schema = Schema((("song", "singer", "person"), ("person", "from", "country")))
    for by_itself in (True, False):
        found = FoundInText("歌新加坡 X许美静", schema)
        found.add((0, 1), 0, (1, 4), 9.0, 0.2)
        found.add((6, 9), 1, (1, 4), 8.0, 3.5)
        for offsets, role in (((1, 4), 1), ((5, 6), 0), ((6, 9), 0), *[((0, 1), 0)] * by_itself):
            found.add_entity(offsets, role)
        extraction = found.extraction(compatible_types=CompatibleTypes())
        assert [triple.predicate for triple in extraction.removed] == ["singer"]
        assert extraction.unlinked == (*[Span("歌", 0, 1)] * by_itself, Span("X", 5, 6))


@pytest.mark.slow
def test_a_run_finds_them_besides_the_same_triples(run_folder, low_threshold, sample, tmp_path):
    extractor = RelationExtractor.load(run_folder)
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=6)]
    texts.append("".join(texts))  # read in several pieces
    plain = extractor(texts, low_threshold)
    found = extractor(texts, low_threshold, entities=True)
    assert [each.triples for each in found] == [each.triples for each in plain]
    assert any(each.unlinked for each in found) and not any(each.unlinked for each in plain)
    for each, before in zip(found, plain, strict=True):
        assert not {(s.start, s.end) for s in each.unlinked} & {
            (s.start, s.end) for s in before.entities
        }
        assert all(each.text[s.start : s.end] == s.text for s in each.unlinked)
    (tmp_path / "texts.txt").write_text("\n".join(texts), "utf-8")
    call = ["extract", str(run_folder), str(tmp_path / "texts.txt"), "--entities"]
    result = CliRunner().invoke(app, [*call, "--threshold", str(low_threshold)])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [len(row.get("unlinked", ())) for row in rows] == [len(e.unlinked) for e in found]
    result = CliRunner().invoke(app, [*call, "--format", "csv"])
    assert result.exit_code == 2 and "Expected a format with entities: jsonl" in result.output


class Triples(Predictor):
    kind, num_predicates = "triples", 1

    def __call__(self, *inputs):
        raise AssertionError


NO_ENTITIES = "Expected a predictor that returns entities"


def test_what_gives_triples_alone_says_so_before_a_text_is_read(monkeypatch, tmp_path):
    schema = Schema((("", "p", ""),))
    extractor = RelationExtractor(Triples(), None, schema)
    for settings, message in (
        ({"entities": True}, NO_ENTITIES),
        ({"consistent_types": True}, "Expected a schema with entity types"),
    ):
        with pytest.raises(InputError, match=message):
            extractor.stream(iter(lambda: 1 / 0, None), **settings)
    monkeypatch.setattr(RelationExtractor, "load", lambda *_: extractor)
    output = tmp_path / "found.csv"
    for options in (["--entities", "--format", "entities"], ["--consistent-types"]):
        call = ["extract", str(tmp_path), str(tmp_path / "a"), "--output", str(output), *options]
        (tmp_path / "a").write_text("ab")
        result = CliRunner().invoke(app, call)
        assert result.exit_code == 2 and "Expected a " in result.stderr, result.output
        assert not output.exists() and "Written" not in result.stderr


LINKED = Triple(Span("ab", 0, 2), "p", Span("cd", 3, 5))
ALONE = Extraction("ab cd ef", (), unlinked=(Span("ab", 0, 2), Span("ef", 6, 8)))


def test_protocols_of_entities_count_them():
    protocols = [PROTOCOLS[name] for name in ("entities", "entity-spans", "partial")]
    evaluation = evaluate_triples([Example(ALONE.text, (LINKED,))], [ALONE], list, protocols)
    for name in ("entities", "entity-spans"):
        total = evaluation.by_protocol[name].total
        assert (total.correct, total.found, total.annotated) == (1, 2, 2)
    assert evaluation.by_protocol["partial"].total.found == evaluation.exact.found == 0


def test_protocols_of_entities_count_annotated_ones_too():
    """Two are found as ends of a triple, and one is missed."""
    gold = Example(ALONE.text, (), (Span("ab", 0, 2), Span("cd", 3, 5), Span("ef", 6, 8)))
    found = Extraction(ALONE.text, (LINKED,))
    protocols = [PROTOCOLS[name] for name in ("entities", "entity-spans", "exact")]
    evaluation = evaluate_triples([gold], [found], list, protocols)
    for name in ("entities", "entity-spans"):
        total = evaluation.by_protocol[name].total
        assert (total.correct, total.found, total.annotated) == (2, 2, 3)
    assert evaluation.by_protocol["exact"].total.annotated == 0


@pytest.mark.parametrize("name", [n for n, kind in OUTPUT_FORMATS.items() if kind.has_entities])
def test_formats_of_entities_have_them(name):
    output = OUTPUT_FORMATS[name]()
    [part] = output.parts(ALONE)
    if name == "spacy":
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab

        [document] = DocBin().from_bytes(output.tail()[0]).get_docs(Vocab())
        assert [entity.text for entity in document.ents] == ["ab", "ef"]
    else:
        row = json.loads(part)
        shown = row.get("unlinked") or row.get("entities") or row["predictions"][0]["result"]
        assert len(shown) == 2

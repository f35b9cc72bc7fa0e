"""A run in a spaCy pipeline: the extractor's triples, in documents that can be stored."""

import re
import shutil
from pathlib import Path

import pytest
from reference import in_one_generation

from gplinker_tf import Extraction, InputError, RelationExtractor, Span, Triple
from gplinker_tf.data import read_examples

spacy = pytest.importorskip("spacy")

from spacy.tokens import DocBin  # noqa: E402

from gplinker_tf.spacy_component import RelationComponent  # noqa: E402

pytestmark = [in_one_generation, pytest.mark.filterwarnings("ignore:The model finds")]


@pytest.fixture(scope="module")
def texts(sample):
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=5)]
    return [*texts, ""]


@pytest.fixture
def run(run_folder, tmp_path):
    return shutil.copytree(run_folder, tmp_path / "run")


def pipeline(run, threshold, **config):
    nlp = spacy.blank("zh")
    nlp.add_pipe("gplinker", config={"run": str(run), "threshold": threshold, **config})
    return nlp


def found(doc):
    return {
        (*offsets(one.subject), one.predicate, *offsets(one.object)): one.score
        for one in doc._.relations
    }


def offsets(span):
    return span.start_char, span.end_char


@pytest.mark.slow
def test_documents_have_what_the_extractor_finds(run, low_threshold, texts):
    nlp = pipeline(run, low_threshold)
    extractions = RelationExtractor.load(run)(texts, low_threshold)
    docs = list(nlp.pipe(texts, batch_size=2))
    assert any(docs[0]._.relations) and docs[-1]._.relations == []
    for doc, extraction in zip(docs, extractions, strict=True):
        assert found(doc) == pytest.approx(
            {
                (t.subject.start, t.subject.end, t.predicate, t.object.start, t.object.end): t.score
                for t in extraction.triples
            },
            abs=1e-4,
        )
        spans = [(*offsets(span), span.label_) for span in doc.spans["gplinker"]]
        assert spans == [(e.start, e.end, e.type or "ENTITY") for e in extraction.entities]
        assert {offsets(entity) for entity in doc.ents} <= {span[:2] for span in spans}


@pytest.mark.slow
def test_entities_that_were_there_stay(run, low_threshold, texts):
    nlp = pipeline(run, low_threshold)
    ruler = nlp.add_pipe("entity_ruler", before="gplinker")
    ruler.add_patterns([{"label": "ALL", "pattern": texts[0]}])
    assert [entity.label_ for entity in nlp(texts[0]).ents] == ["ALL"]
    assert not pipeline(run, low_threshold, set_ents=False)(texts[0]).ents


@pytest.mark.slow
def test_a_pipeline_is_saved_with_its_model(run, low_threshold, texts, tmp_path):
    nlp = pipeline(run, low_threshold)
    docs = list(nlp.pipe(texts))
    nlp.to_disk(tmp_path / "pipeline")
    shutil.rmtree(run)
    again = spacy.load(tmp_path / "pipeline")
    for doc, before in zip(again.pipe(texts), docs, strict=True):
        assert found(doc) == pytest.approx(found(before), abs=1e-4)
    stored = DocBin(docs=docs, store_user_data=True).to_bytes()
    [first, *_] = DocBin().from_bytes(stored).get_docs(again.vocab)
    assert found(first) == found(docs[0])


def test_words_that_are_not_whole_tokens_are_widened():
    doc = spacy.blank("en")("Adas bookshop")
    doc.user_data["gplinker"] = [[0, 3, "", "owns", 5, 9, "Shop", 1.0, None]]
    [relation] = doc._.relations
    assert (relation.subject.text, relation.object.text) == ("Adas", "bookshop")
    assert relation.object.label_ == "Shop"


@pytest.mark.parametrize(("probability", "expected"), [(0.3, 0.3), (None, 1.0)])
def test_probabilities_join_the_relations_of_other_components(probability, expected):
    ada, tin = Span("Ada", 0, 3), Span("Tin", 10, 13)
    triple = Triple(ada, "wrote", tin, 2.5, probability=probability)
    component = RelationComponent()
    component._extractor = lambda texts, threshold: [Extraction(text, (triple,)) for text in texts]
    doc = spacy.blank("en")("Ada wrote Tin")
    doc._.rel[2, 0] = {"by": 0.8}
    assert component(doc)._.rel == {(2, 0): {"by": 0.8}, (0, 2): {"wrote": expected}}
    [relation] = doc._.relations
    assert (relation.score, relation.probability) == (2.5, probability)


def test_a_run_is_needed(tmp_path):
    with pytest.raises(InputError, match=r"run=None.*config"):
        spacy.blank("zh")("")  # a pipeline without the component needs no run
        RelationComponent()(spacy.blank("zh")("由"))
    with pytest.raises(InputError, match="none"):
        RelationComponent(tmp_path / "none")(spacy.blank("zh")("由"))


@pytest.mark.slow
def test_the_document_runs(run, tmp_path, monkeypatch):
    page = Path(__file__).parents[1] / "docs" / "spacy.md"
    [code] = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert (tmp_path / "pipeline" / "gplinker" / "model" / "config.json").is_file()

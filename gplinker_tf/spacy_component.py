"""A spaCy pipeline component that runs a trained model: `nlp.add_pipe("gplinker")`."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from gplinker_tf.data.formats.docbin import OWN
from gplinker_tf.data.writers.docbin import add_extraction, span_of
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import ExportedPredictor, RelationExtractor

#: The folder of the model within the component's folder in a saved pipeline.
MODEL = "model"


class Relation(NamedTuple):
    """A relation in a document, as `doc._.relations` lists it.

    Args:
        subject: the tokens of the subject.
        predicate: the name of the relation.
        object: the tokens of the object.
        score: the sum of its four scores.
        probability: the probability that it is right, or `None` if the run was not tuned.
    """

    subject: Span
    predicate: str
    object: Span
    score: float
    probability: float | None


class RelationComponent:
    """A component that adds relations and entities to documents.

    `doc._.relations` lists the relations, best first. `doc.spans["gplinker"]` has all entities,
    which may overlap; they are also added to `doc.ents`, where the longest of overlapping entities
    is kept. `doc._.rel` has the relations between entities of `doc.ents` with their probabilities,
    in the format of spaCy's relation extraction project. Spans that do not match the tokens of the
    document are expanded to whole tokens.

    Args:
        run: a run folder or an export; it is loaded when the first document arrives.
        runtime: the runtime, one of `gplinker_tf.extraction.RUNTIMES`.
        threshold: as in `RelationExtractor`; `None` uses the thresholds of the run.
        set_ents: whether to set `doc.ents`.

    Example, with a run folder that `gplinker train` wrote:

        import spacy

        nlp = spacy.blank("zh")
        nlp.add_pipe("gplinker", config={"run": "run"})
        nlp("《喜剧之王》由周星驰主演")._.relations

    Source: https://spacy.io/usage/processing-pipelines#custom-components and, for `doc._.rel`,
    https://github.com/explosion/projects/tree/v3/tutorials/rel_component.
    """

    def __init__(
        self,
        run: str | Path | None = None,
        runtime: str = "keras",
        threshold: float | None = None,
        set_ents: bool = True,
    ) -> None:
        self.run, self.runtime = run, runtime
        self.threshold, self.set_ents = threshold, set_ents
        self._extractor: RelationExtractor | None = None

    def __repr__(self) -> str:
        return f"RelationComponent({str(self.run)!r}, {self.runtime})"

    @property
    def extractor(self) -> RelationExtractor:
        """The extractor, loaded on first use.

        Raises:
            InputError: no run was given, or it can't be loaded.
        """
        if self._extractor is None:
            if self.run is None:
                raise InputError(
                    "Expected a run folder. Received: run=None. Pass it: "
                    'nlp.add_pipe("gplinker", config={"run": "run"}).'
                )
            self._extractor = RelationExtractor.load(self.run, runtime=self.runtime)
        return self._extractor

    def __call__(self, doc: Doc) -> Doc:
        """Add the relations and entities found in a document.

        Args:
            doc: the document, which is changed in place.
        """
        [doc] = self.pipe([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Add the relations and entities found in documents, in their order.

        Args:
            stream: the documents, which are changed in place.
            batch_size: documents per batch.
        """
        for docs in minibatch(stream, batch_size):
            texts = [doc.text for doc in docs]
            for doc, found in zip(docs, self.extractor(texts, self.threshold), strict=True):
                add_extraction(doc, found, self.set_ents)
                yield doc

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        """Write the model to the pipeline's folder, so that it no longer needs the run folder.

        Args:
            path: the component's folder.
            exclude: part of spaCy's interface; ignored.
        """
        folder, predictor = Path(path) / MODEL, self.extractor.predictor
        if isinstance(predictor, ExportedPredictor):
            shutil.copytree(predictor.path.parent, folder, dirs_exist_ok=True)
        else:
            self.extractor.save(folder)

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> RelationComponent:
        """Load the model that `to_disk` wrote.

        Args:
            path: the component's folder.
            exclude: part of spaCy's interface; ignored.

        Raises:
            InputError: the folder does not contain a model, or a part of it is broken.
        """
        self.run = Path(path) / MODEL
        self._extractor = RelationExtractor.load(self.run, runtime=self.runtime)
        return self


def relations_of(doc: Doc) -> list[Relation]:
    """Return the relations of a document; none if no component has processed it."""
    relations = []
    for row in doc.user_data.get(OWN, ()):
        *subject, predicate, start, end, type_, score, probability = row
        ends = span_of(doc, *subject), span_of(doc, start, end, type_)
        relations.append(Relation(ends[0], predicate, ends[1], score, probability))
    return relations


Doc.set_extension("relations", getter=relations_of, force=True)
if not Doc.has_extension("rel"):
    Doc.set_extension("rel", default={})


@Language.factory(
    OWN,
    assigns=["doc.ents", "doc.spans", "doc._.relations", "doc._.rel"],
    default_config={"run": None, "runtime": "keras", "threshold": None, "set_ents": True},
)
def create_component(
    nlp: Language,
    name: str,
    run: str | Path | None,
    runtime: str,
    threshold: float | None,
    set_ents: bool,
) -> Any:
    """Return the component that `nlp.add_pipe("gplinker")` adds; see `RelationComponent`."""
    return RelationComponent(run, runtime, threshold, set_ents)

"""spaCy: a pipeline component that annotates documents; the tokens stay, because spaCy documents cannot change text."""

from __future__ import annotations

from typing import Any

from normalizer.adapters.core import Restorer


def make_component(nlp: Any, name: str, options: dict[str, Any]) -> NormalizerComponent:
    """The factory behind ``nlp.add_pipe("normalizer", config={"options": {"assume": "spun"}})``."""
    return NormalizerComponent(options)


class NormalizerComponent:
    """Sets ``doc._.restored``, ``doc._.edits``, ``doc._.spun_probability`` and ``doc._.spun_engine``.

    ``doc.spans["edits"]`` holds the edits that begin and end with a token; a span's label is the kind of edit.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.restorer = Restorer(**options)

    def __call__(self, doc: Any) -> Any:
        """Annotate a document."""
        restoration = self.restorer.analyze(doc.text)
        doc._.restored = restoration.restored
        doc._.edits = [edit.to_dict() for edit in restoration.edits]
        doc._.spun_probability = restoration.spun_probability
        doc._.spun_engine = restoration.engine
        spans = [doc.char_span(edit.start, edit.end, label=edit.kind) for edit in restoration.edits]
        doc.spans["edits"] = [span for span in spans if span is not None]
        return doc


def restored_doc(nlp: Any, doc: Any) -> Any:
    """A new document with the restored text, tokenised afresh; what was edited is in its ``user_data["edits"]``."""
    made = nlp.make_doc(doc._.restored)
    made.user_data["edits"] = doc._.edits
    return made


def _register() -> None:
    try:
        from spacy.language import Language
        from spacy.tokens import Doc
    except ImportError:
        return  # without spaCy there is no pipeline to be added to

    Language.factory("normalizer", default_config={"options": {}}, func=make_component)
    for name in ("restored", "edits", "spun_probability", "spun_engine"):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


_register()

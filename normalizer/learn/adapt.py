"""From paths and options to learnt weights: what ``learn weights`` does, as a function."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from normalizer.channel import Channel, Entry
from normalizer.language_model import load_model
from normalizer.learn.em import Learner, Learnt, Round, Settings, Tools
from normalizer.learn.lexicon import extended_channel
from normalizer.learn.start import Start, from_channel, from_rows
from normalizer.learn.state import StateFolder
from normalizer.learn.texts import Corpus, required
from normalizer.lexicon.compile import LEAST_SHARE, read_tables
from normalizer.resources import CHANNEL, MODEL, lexicon_path


class Request(NamedTuple):
    """What is to be learnt from, and onto what. ``lexicon``: overlays and tables on top of the shipped channel;
    ``flat``: start from the tables, all variants equal; ``thesaurus``: also consider pairs that no table has;
    ``clean``: clean text of the same kind.
    """

    paths: tuple[str, ...]
    output: Path
    form: str | None = None
    text_field: str = "text"
    id_field: str | None = None
    lexicon: tuple[Path, ...] = ()
    flat: bool = False
    thesaurus: bool = True
    model: Path | None = None
    jobs: int = 1
    clean: tuple[str, ...] = ()


def adapt(
    request: Request, settings: Settings, observe: Callable[[Round], None] = lambda done: None, *, quiet: bool = True
) -> Learnt:
    """Learn weights. What is finished is kept beside the output, for a run that goes on.

    Raises ``InputError`` when a corpus cannot be read, has no text, or is not spun, ``ConfigError`` when the unfinished
    run there is another one.
    """
    folder = lexicon_path("en")
    corpus = Corpus(request.paths, request.form, request.text_field, request.id_field)
    next(required(corpus, corpus))  # before anything takes long
    model = request.model or folder / MODEL
    start = starting_point(request, folder)
    thesaurus = Channel([folder / "thesaurus.tsv"]) if request.thesaurus else None
    tools = Tools(model, folder / "numbers.tsv", request.jobs, quiet)
    clean = Corpus(request.clean, request.form, request.text_field, request.id_field) if request.clean else None
    if request.flat:
        settings = settings._replace(least_share=LEAST_SHARE)
    state = work_folder(request.output, plan(request, settings, corpus))
    learnt = Learner(corpus, start, tools, state, settings, thesaurus, clean, observe).run()
    return _over(learnt, folder) if request.flat else learnt


def _over(learnt: Learnt, folder: Path) -> Learnt:
    """All entries, and empty ones for what only the shipped channel has: learnt from nothing, they replace it."""
    known = {entry.surface for entry in learnt.entries}
    shipped = Channel([folder / CHANNEL])
    gone = [Entry(surface, 0.0, 0.0, 1.0, ()) for surface in shipped.surfaces() if surface not in known]
    learnt.changed = [*learnt.entries, *gone]
    return learnt


def starting_point(request: Request, folder: Path) -> Start:
    """The pairs and weights to start from."""
    if request.flat:
        return from_rows(read_tables(folder), equal=True)
    return from_channel(extended_channel(request.lexicon, load_model(request.model or folder / MODEL)))


def plan(request: Request, settings: Settings, corpus: Corpus) -> dict[str, Any]:
    """What decides the result, to be compared when a run goes on: inputs with sizes and times, and options."""
    lexicon = blake2b(digest_size=8)
    for path in request.lexicon:
        lexicon.update(path.read_bytes() if path.is_file() else str(path).encode())
    shipped = lexicon_path("en") / CHANNEL
    return {
        "sources": [source.to_dict() for source in corpus.sources],
        "fields": [request.text_field, request.id_field],
        "lexicon": lexicon.hexdigest(),
        "shipped": blake2b(shipped.read_bytes(), digest_size=8).hexdigest(),
        "clean": list(request.clean),
        "flat": request.flat,
        "thesaurus": request.thesaurus,
        "model": str(request.model or ""),
        "settings": settings._asdict(),
    }


def work_folder(output: Path, content: dict[str, Any] | None = None) -> StateFolder:
    """The folder beside an output where an unfinished run is kept."""
    return StateFolder(output.with_name(f"{output.name}.unfinished"), content or {})

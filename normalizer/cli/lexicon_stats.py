"""``normalizer lexicon stats``: how much there is in the tables, and how much of a text they know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.inputs import Inputs, emit
from normalizer.cli.lexicon_tables import as_json, chosen_rows, format_option
from normalizer.cli.options import EngineOptions, RunOptions, lexicon_options, paths_argument

if TYPE_CHECKING:
    from normalizer.lexicon.knowledge import Counts, Coverage


@click.command()
@paths_argument
@lexicon_options
@format_option
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of the texts.")
@click.pass_context
def stats(
    ctx: click.Context,
    paths: Sequence[Path],
    lexicon: tuple[Path, ...],
    default_lexicons: bool,
    form: str,
    encoding: str,
) -> None:
    """Count the entries of the tables, or with PATH tell how much of those texts they know.

    Words that may be a spinner's, words that spinners replace, words that the language model has never seen.
    """
    if not paths:
        from normalizer.lexicon.knowledge import count

        counts = count(chosen_rows(lexicon, default_lexicons))
        emit(as_json(counts._asdict()) if form == "json" else "".join(f"{line}\n" for line in _counted(counts)))
        return
    inputs = Inputs(paths, RunOptions(encoding, 1, quiet=False, verbose=False, no_color=True))
    records: list[dict[str, Any]] = []
    for name, coverage in _covered(inputs, EngineOptions(lexicon=lexicon, default_lexicons=default_lexicons)):
        if form == "json":
            records.append({"path": name, **coverage._asdict()})
        else:
            emit("".join(f"{line}\n" for line in _known(name, coverage)))
    if form == "json":
        emit(as_json(records))
    ctx.exit(3 if inputs.failed else 0)


def _covered(inputs: Inputs, engine: EngineOptions) -> Iterator[tuple[str, Coverage]]:
    from normalizer.lexicon.knowledge import cover
    from normalizer.text.sentences import sentences

    decoder = engine.normalizer().decoder_for("replaces-all")
    for source in inputs:
        yield source.name, cover(sentences(source.text), decoder.channel, decoder.model)


def _counted(counts: Counts) -> Iterator[str]:
    yield f"{counts.entries:>8,}  entries"
    yield f"{counts.pairs:>8,}  pairs of a canonical and a variant, {counts.conditional:,} of them under a condition"
    for title, numbers in (
        ("domain", counts.by_domain),
        ("tier", counts.by_tier),
        ("part of speech", counts.by_part_of_speech),
    ):
        yield f"pairs by {title}"
        yield from _numbers(numbers)


def _numbers(numbers: Mapping[str, int]) -> Iterator[str]:
    for name, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        yield f"{number:>8,}  {name}"


def _known(name: str, coverage: Coverage) -> Iterator[str]:
    yield name
    yield f"{coverage.words:>8,}  words"
    for number, what in (
        (coverage.variants, "in surfaces that spinners leave behind"),
        (coverage.canonicals, "in wordings that spinners replace"),
        (coverage.unknown, "that the language model has never seen"),
    ):
        yield f"{number:>8,}  {number / max(1, coverage.words):4.0%}  {what}"
    yield "surfaces by their best tier"
    yield from _numbers(coverage.by_tier)
    if coverage.surfaces:
        yield "commonest surfaces: " + ", ".join(f"{surface} ({number})" for surface, number in coverage.surfaces)
    if coverage.strangers:
        yield "commonest unknown words: " + ", ".join(f"{word} ({number})" for word, number in coverage.strangers)

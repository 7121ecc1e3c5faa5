"""``normalizer lexicon show``: everything known of a word or phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.inputs import emit
from normalizer.cli.lexicon_tables import as_json, chosen_rows, format_option, short_place
from normalizer.cli.options import EngineOptions, lexicon_options

if TYPE_CHECKING:
    from normalizer.lexicon.knowledge import Known, Listed, Weighed


@click.command(epilog="The exit code is 1 when nothing is known.")
@click.argument("words", metavar="WORD…", nargs=-1, required=True)
@lexicon_options
@format_option
@click.pass_context
def show(
    ctx: click.Context, words: Sequence[str], lexicon: tuple[Path, ...], default_lexicons: bool, form: str
) -> None:
    """Tell everything known of a word or phrase, in both directions.

    Several words are one phrase. What spinners write for it and what they write it for, with weights and tiers; the
    lines of the tables; how common it is.
    """
    from normalizer.lexicon.frequency import load_frequencies
    from normalizer.lexicon.knowledge import know

    wording = " ".join(words)
    engine = EngineOptions(lexicon=lexicon, default_lexicons=default_lexicons).normalizer()
    decoder = engine.decoder_for("replaces-all")
    zipf = load_frequencies().zipf(wording)
    known = know(wording, decoder.channel, chosen_rows(lexicon, default_lexicons), decoder.model, zipf)
    emit(as_json(_record(known)) if form == "json" else "".join(f"{line}\n" for line in _lines(known)))
    ctx.exit(0 if known else 1)


def _record(known: Known) -> dict[str, Any]:
    record = known._asdict()
    for name in ("stands_for", "replaced_by", "variant_in", "canonical_in"):
        record[name] = [
            {
                field: value._asdict() if field == "condition" and value else value
                for field, value in pair._asdict().items()
            }
            for pair in record[name]
        ]
    return record


def _lines(known: Known) -> Iterator[str]:
    yield known.wording
    model = "" if known.in_model else "; the language model has never seen it"
    yield f"  frequency  {known.zipf:.1f} (Zipf: 3 is once in a million words){model}"
    if known.replaced is not None:
        yield f"  as canonical  replaced with probability {known.replaced:.3g}"
        yield f"  as variant  {known.gain:.3g} times as common again in spun text; {known.kept_share:.0%} unexplained"
    if known.stands_for:
        yield "spinners write it for"
        yield from (_pair(pair.canonical, pair) for pair in known.stands_for)
    if known.replaced_by:
        yield "spinners write for it"
        yield from (_pair(pair.surface, pair) for pair in known.replaced_by)
    if known.variant_in:
        yield "tables that have it as a variant"
        yield from map(_place, known.variant_in)
    if known.canonical_in:
        yield "tables that have it as canonical"
        yield from map(_place, known.canonical_in)
    if not known:
        yield "  nothing else is known of it"


def _pair(name: str, pair: Weighed) -> str:
    from normalizer.channel import format_marks

    marks = format_marks("", pair.tier, pair.condition).strip()
    return f"  {name:<32} P {pair.probability:<8.3g} explains {pair.share:>4.0%}  {marks}".rstrip()


def _place(listed: Listed) -> str:
    from normalizer.channel import format_marks

    pair = f"{listed.canonical} → {listed.variant}"
    marks = format_marks("", listed.tier, listed.condition).strip()
    rest = "; ".join(text for text in (listed.note, listed.source) if text)
    return f"  {pair:<44} {listed.part_of_speech:<4} {short_place(listed.place)}  {marks}  {rest}".rstrip()

"""``normalizer lexicon explain``: why an edit was made, or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.configured import config_option, settings_of
from normalizer.cli.inputs import STDIN, Inputs, emit
from normalizer.cli.lexicon_tables import as_json, format_option
from normalizer.cli.options import EngineOptions, RunOptions, engine_options

if TYPE_CHECKING:
    from normalizer.explaining import Explanation, Option, Place


def _at(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int | None, int | None]:
    if value is None:
        return None, None
    found = re.fullmatch(r"(\d+)(?::(\d+))?", value)
    if not found or int(found[1]) < 1:
        raise click.BadParameter(f"{value!r} is no LINE or LINE:COL, counted from 1.", ctx, param)
    return int(found[1]), int(found[2]) if found[2] else None


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--at", metavar="LINE[:COL]", callback=_at, help="Explain everything there, edited or not.")
@format_option
@config_option
@engine_options
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of the file.")
@click.pass_context
def explain(
    ctx: click.Context,
    path: Path,
    at: tuple[int | None, int | None],
    form: str,
    engine: EngineOptions,
    encoding: str,
) -> None:
    """Tell why edits of FILE were made, or held back.

    For every place: what came of it, how likely the sentence is spun, and each candidate with its tier, the channel's
    weight, what the language model thinks, its posterior and its confidence. With --at also what was left alone.
    """
    from normalizer.explaining import explain as explained

    inputs = Inputs([path], RunOptions(encoding, 1, quiet=False, verbose=False, no_color=True))
    for source in inputs:
        options, rules = settings_of(engine)(None if source.path == STDIN else source.path)
        found = explained(options.normalizer(), source.text, line=at[0], column=at[1], rules=rules)
        if form == "json":
            emit(as_json({"path": source.name, **found.to_dict()}))
        else:
            emit("".join(f"{line}\n" for line in _lines(source.name, found, at[0] is not None)))
    ctx.exit(3 if inputs.failed else 0)


def _lines(name: str, explanation: Explanation, asked: bool) -> Iterator[str]:
    detection = explanation.detection
    yield f"{name}: spun {detection.spun_probability:.4f}, engine {detection.engine}"
    for reason in detection.evidence[:3]:
        yield f"    {reason}"
    if not explanation.places:
        yield "nothing that the lexicon knows stands there" if asked else "no edits, no suggestions"
    for place in explanation.places:
        yield ""
        yield from _place(name, place)


def _place(name: str, place: Place) -> Iterator[str]:
    from normalizer.review.listing import printable

    yield f"{name}:{place.line}:{place.column}: {printable(place.original)}"
    yield f"    {place.verdict}"
    if place.options:
        stays = "" if place.kept is None else f"; it stays as it is with the posterior {place.kept:.3f}"
        yield f"    the sentence is spun with probability {place.spun:.4f}{stays}"
        yield f"    {'candidate':<34} {'channel':>8} {'language':>9} {'posterior':>10} {'right':>6} {'confidence':>11}"
        yield from map(_option, place.options)
    elif place.edit:
        yield from (f"    {printable(reason)}" for reason in place.edit.evidence)


def _option(option: Option) -> str:
    figures = f"{option.channel:>8.3g} {option.language:>+9.1f}"
    if option.posterior is None:
        rest = "  condition not met" if not option.holds else "  not decoded"
    else:
        rest = f" {option.posterior:>10.3f}"
        if option.calibrated is not None and option.confidence is not None:
            rest += f" {option.calibrated:>6.3f} {option.confidence:>11.3f}"
    return f"    {option.canonical:<34} {figures}{rest}"

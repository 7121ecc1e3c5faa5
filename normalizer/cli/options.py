"""The options that commands share, packed into two objects: how the engine decides, and how a run goes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from normalizer.edits import KINDS

if TYPE_CHECKING:
    from normalizer.pipeline import Normalizer

Command = Callable[..., Any]
OFF_BY_DEFAULT = frozenset({"markup"})


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What decides which edits are made."""

    min_confidence: float | None = None
    safe: bool = False
    assume: Literal["auto", "spun", "clean"] = "auto"
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    model: Path | None = None
    lexicon: tuple[Path, ...] = ()
    default_lexicons: bool = True
    quotes: Literal["repair", "leave"] = "repair"

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of edit to make."""
        return (self.only or frozenset(KINDS) - OFF_BY_DEFAULT) - self.skip

    def normalizer(self) -> Normalizer:
        """The engine with these options. Imports it, so call it late."""
        from normalizer.pipeline import Normalizer

        return Normalizer(
            min_confidence=self.min_confidence,
            safe=self.safe,
            assume=self.assume,
            only=self.kinds,
            skip=(),
            model=self.model,
            lexicons=self.lexicon,
            default_lexicons=self.default_lexicons,
            cache=cache_folder() if self.lexicon else None,
            quotes=self.quotes,
        )


def cache_folder() -> Path:
    """The folder where compiled tables are kept from run to run, below the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("normalizer", appauthor=False) / "lexicons"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How inputs are read and how much is told."""

    encoding: str
    jobs: int
    quiet: bool
    verbose: bool
    no_color: bool

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise click.UsageError("--quiet and --verbose contradict each other.")

    @property
    def workers(self) -> int:
        """The number of processes: ``--jobs``, with 0 standing for one per core."""
        return self.jobs or os.cpu_count() or 1

    @property
    def color(self) -> bool:
        """Whether standard output gets colours: a terminal, without ``--no-color`` and ``NO_COLOR``."""
        wanted = not self.no_color and not os.environ.get("NO_COLOR")
        return wanted and sys.stdout is not None and sys.stdout.isatty()

    @property
    def columns(self) -> int | None:
        """How wide the terminal is that standard output goes to; None when it goes elsewhere."""
        if sys.stdout is None or not sys.stdout.isatty():
            return None
        return shutil.get_terminal_size().columns

    def note(self, message: str) -> None:
        """Tell something on standard error, unless ``--quiet``."""
        if not self.quiet:
            click.echo(message, err=True)


def _kinds(ctx: click.Context, param: click.Parameter, value: str | Sequence[str]) -> frozenset[str]:
    """Split and check a list of kinds: separated by commas on the command line, a list in a configuration file."""
    parts = value.split(",") if isinstance(value, str) else value
    kinds = frozenset(part.strip() for part in parts if part.strip())
    if unknown := sorted(kinds - set(KINDS)):
        names = ", ".join(map(repr, unknown))
        raise click.BadParameter(f"{names}: no such kind of edit; there are {', '.join(KINDS)}.", ctx, param)
    return kinds


def _kind_option(name: str, text: str) -> Callable[[Command], Command]:
    return click.option(name, type=click.UNPROCESSED, callback=_kinds, default="", metavar="KIND,…", help=text)


LEXICON_OPTIONS: Sequence[Callable[[Command], Command]] = (
    click.option(
        "--lexicon",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="PATH",
        help="Know also what this table, channel file or folder knows; repeatable.",
    ),
    click.option(
        "--default-lexicons/--no-default-lexicons", default=True, help="Whether to know what the shipped lexicon knows."
    ),
)


def engine_options(function: Command) -> Command:
    """Add the options that decide which edits are made; the command gets them as ``engine``."""
    return _packed(
        function,
        "engine",
        EngineOptions,
        [
            click.option(
                "--min-confidence",
                type=click.FloatRange(0, 1),
                metavar="P",
                help="Make only edits that are right with at least this probability.",
            ),
            click.option("--safe/--no-safe", help="Make only edits of the tier whose precision is 0.97 or better."),
            click.option(
                "--assume",
                type=click.Choice(["auto", "spun", "clean"]),
                default="auto",
                show_default=True,
                help="Take documents for spun or clean instead of judging each.",
            ),
            _kind_option("--only", "Make only edits of these kinds."),
            _kind_option("--skip", "Make no edits of these kinds."),
            click.option(
                "--model",
                metavar="FILE",
                type=click.Path(path_type=Path, dir_okay=False),
                help="Use this language model instead of the shipped one ('normalizer model build' makes them).",
            ),
            *LEXICON_OPTIONS,
            click.option(
                "--quotes",
                type=click.Choice(["repair", "leave"]),
                default="repair",
                show_default=True,
                help="Repair quotations too, as spinners alter them, or leave their words as they are.",
            ),
        ],
    )


def lexicon_options(function: Command) -> Command:
    """Add only the options about lexicons; the command gets ``lexicon`` and ``default_lexicons``."""
    for option in reversed(LEXICON_OPTIONS):
        function = option(function)
    return function


def run_options(function: Command) -> Command:
    """Add the options about reading, speed and messages; the command gets them as ``run``."""
    return _packed(
        function,
        "run",
        RunOptions,
        [
            click.option(
                "--encoding", default="utf-8", show_default=True, help="The encoding of the inputs; outputs keep it."
            ),
            click.option(
                "-j",
                "--jobs",
                type=click.IntRange(0),
                default=1,
                show_default=True,
                metavar="N",
                help="Processes to use; 0 for one per core.",
            ),
            click.option("-q", "--quiet", is_flag=True, help="Tell nothing but results and errors."),
            click.option("-v", "--verbose", is_flag=True, help="Tell more."),
            click.option("--no-color", is_flag=True, help="No colours. NO_COLOR in the environment does the same."),
        ],
    )


def paths_argument(function: Command) -> Command:
    """Add ``[PATH]…``: files, folders, or ``-`` for standard input, which is also what no path means."""
    argument = click.argument(
        "paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), required=False
    )
    return argument(function)


def _packed(
    function: Command, name: str, pack: Callable[..., object], options: Sequence[Callable[[Command], Command]]
) -> Command:
    """Decorate ``function`` with ``options`` and hand their values over as the one argument ``name``."""
    fields = pack.__dataclass_fields__  # type: ignore[attr-defined]

    @wraps(function)
    def call(**values: Any) -> Any:
        packed = pack(**{field: values.pop(field) for field in fields})
        return function(**values, **{name: packed})

    decorated: Command = call
    for option in reversed(options):
        decorated = option(decorated)
    return decorated

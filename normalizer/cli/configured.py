"""Commands that heed configuration files and comments: the ``--config`` option, and the analysis that applies both.

A command takes the option with ``@config_option`` and gets its restorations from ``configured`` instead of
``restorations``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from normalizer.cli.inputs import STDIN, Source
from normalizer.cli.options import Command, EngineOptions, RunOptions

if TYPE_CHECKING:
    from normalizer.config import Configurations, Settings
    from normalizer.pipeline import Normalizer
    from normalizer.restoration import Restoration

_KEY = "normalizer.configurations"


def config_option(function: Command) -> Command:
    """Add ``--config FILE`` and take the defaults of all other options from the configuration."""
    option = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_load,
        help="Read settings from FILE, not from the nearest normalizer.toml or pyproject.toml.",
    )
    return option(function)


def configurations() -> Configurations:
    """The configurations of the running command, which must have ``@config_option``."""
    found: Configurations = click.get_current_context().meta[_KEY]
    return found


def configured(
    sources: Iterable[Source], engine: EngineOptions, run: RunOptions
) -> Iterator[tuple[Source, Restoration]]:
    """Analyse the sources in order, each with its own settings, without what its configuration or comments exempt.

    Options on the command line win. Raises ``ConfigError`` for configurations that make no sense.
    """
    configs = configurations()
    given = _given(engine)
    waiting: deque[tuple[Source, Settings]] = deque()

    def items() -> Iterator[tuple[EngineOptions, str]]:
        for source in sources:
            settings = configs.settings_for(None if source.path == STDIN else source.path)
            waiting.append((source, settings))
            yield _engine(settings, given), source.text

    ignored = 0
    for restoration in _analyse(items(), run.workers):
        source, settings = waiting.popleft()
        kept = _filter(restoration, settings, source)
        ignored += len(restoration.edits) - len(kept.edits)
        yield source, kept
    if run.verbose:
        from normalizer.config import shown_path

        for path in configs.used:
            run.note(f"settings from {shown_path(path)}")
        if ignored:
            run.note(f"{ignored} edit{'s' * (ignored > 1)} left out by ignore rules, protected terms or comments")


def analysis(engine: EngineOptions) -> Callable[[Path | None, str], Restoration]:
    """A function that does the same for one text and its path (None when it has none), again and again.

    It reads configurations anew each time, for programs that run while people edit them.
    """
    named, given, analyst = configurations().named, _given(engine), _Analyst()

    def analyse(path: Path | None, text: str) -> Restoration:
        from normalizer.config import Configurations
        from normalizer.ignoring import filter_restoration

        settings = Configurations(named).settings_for(path)
        return filter_restoration(analyst((_engine(settings, given), text)), settings.rules)

    return analyse


def _given(engine: EngineOptions) -> dict[str, Any]:
    """The options that were given on the command line."""
    return {
        option.name: getattr(engine, option.name) for option in fields(EngineOptions) if _on_command_line(option.name)
    }


def _load(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if ctx.resilient_parsing:
        return
    from normalizer.config import Configurations

    configs = Configurations(value)
    ctx.meta[_KEY] = configs
    ctx.default_map = {**(ctx.default_map or {}), **configs.general.settings.options}


def _on_command_line(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def _engine(settings: Settings, given: dict[str, Any]) -> EngineOptions:
    known = {option.name for option in fields(EngineOptions)}
    options: dict[str, Any] = {name: _packed(name, value) for name, value in settings.options.items() if name in known}
    if "min_confidence" in given:
        options.pop("safe", None)  # it would overrule the option on the command line
    return replace(EngineOptions(), **{**options, **given})


def _packed(name: str, value: Any) -> Any:
    """A value of a configuration as ``EngineOptions`` holds it."""
    if name == "lexicon":
        return tuple(map(Path, value))
    return frozenset(value) if isinstance(value, list) else value


def _filter(restoration: Restoration, settings: Settings, source: Source) -> Restoration:
    from normalizer.errors import ConfigError
    from normalizer.ignoring import filter_restoration

    try:
        return filter_restoration(restoration, settings.rules)
    except ConfigError as error:
        raise ConfigError(f"{source.name}: {error}") from error


def _analyse(items: Iterator[tuple[EngineOptions, str]], jobs: int) -> Iterator[Restoration]:
    analyst = _Analyst()
    if jobs <= 1:
        return map(analyst, items)
    from normalizer.parallel import ordered_map

    return ordered_map(analyst, items, jobs)


class _Analyst:
    """Analyses texts with an engine for each set of options; every process loads those that it needs."""

    def __init__(self) -> None:
        self._engines: dict[EngineOptions, Normalizer] = {}

    def __call__(self, item: tuple[EngineOptions, str]) -> Restoration:
        options, text = item
        if options not in self._engines:
            self._engines[options] = options.normalizer()
        return self._engines[options].analyze(text)

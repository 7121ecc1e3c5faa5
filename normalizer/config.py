"""Settings from ``normalizer.toml`` or ``[tool.normalizer]`` in ``pyproject.toml``: finding, reading, adding to them.

The nearest file above a text counts. Keys are named like the command-line options.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.edits import KINDS
from normalizer.errors import ConfigError
from normalizer.files import write_text
from normalizer.ignoring import ARROW, IgnoreRule, ProtectedTerm, Rules

if TYPE_CHECKING:
    from pathspec import PathSpec

FILE_NAME = "normalizer.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = "tool.normalizer"


@dataclass(frozen=True)
class Settings:
    """What holds for one file: option values by parameter name (``min_confidence``), and what is to be left alone."""

    options: Mapping[str, Any] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class PathSettings:
    """The settings of one ``[[per-path]]`` table, for the files that its ``paths`` name as ``.gitignore`` would."""

    paths: tuple[str, ...]
    settings: Settings

    @cached_property
    def _spec(self) -> PathSpec[Any]:
        from pathspec import PathSpec

        return PathSpec.from_lines("gitignore", self.paths)

    def holds_for(self, relative: str) -> bool:
        """Whether these settings hold for a path relative to the configuration's folder, with ``/`` in it."""
        return self._spec.match_file(relative)


@dataclass(frozen=True)
class Config:
    """A configuration. ``path`` is the file it was read from, None when there is none."""

    path: Path | None = None
    settings: Settings = field(default_factory=Settings)
    per_path: tuple[PathSettings, ...] = ()

    def for_file(self, path: Path) -> Settings:
        """The settings for one file: the general ones, then each ``[[per-path]]`` table that names it.

        Later values win; ``ignore`` and ``protect`` add up.
        """
        matching = [entry.settings for entry in self.per_path if entry.holds_for(self._relative(path))]
        if not matching:
            return self.settings
        every = [self.settings, *matching]
        return Settings(
            {name: value for settings in every for name, value in settings.options.items()},
            Rules(
                tuple(rule for settings in every for rule in settings.rules.ignore),
                tuple(term for settings in every for term in settings.rules.protect),
            ),
        )

    def _relative(self, path: Path) -> str:
        assert self.path is not None
        real, folder = path.resolve(), self.path.resolve().parent
        return real.relative_to(folder).as_posix() if real.is_relative_to(folder) else real.as_posix().lstrip("/")


class Configurations:
    """The configuration of every file of a run: one that was named, or for each file the nearest one above it.

    ``general`` is the one for the run as a whole: the one that was named, or the nearest one to the working folder. It
    also holds for standard input and for files that have none above them. Raises ``ConfigError``, when a configuration
    is read, as ``read_config`` does.
    """

    def __init__(self, named: Path | None = None) -> None:
        self.named = named
        self._by_folder: dict[Path, Config | None] = {}
        self._by_file: dict[Path, Config] = {}

    @cached_property
    def general(self) -> Config:
        """The configuration for the run as a whole."""
        if self.named is not None:
            return read_config(self.named)
        return self._nearest(Path.cwd()) or Config()

    def config_for(self, path: Path) -> Config:
        """The configuration for one file."""
        return self.general if self.named is not None else self._nearest(path.resolve().parent) or self.general

    def settings_for(self, path: Path | None) -> Settings:
        """The settings for one file, or for standard input (None)."""
        return self.general.settings if path is None else self.config_for(path).for_file(path)

    def file_for_rules(self, path: Path | None) -> Path:
        """The file that ``add_ignore`` should write to for a text (None: standard input).

        The configuration that holds for it, or a new ``normalizer.toml`` beside it.
        """
        found = (self.general if path is None else self.config_for(path)).path
        return found or (Path.cwd() if path is None else path.resolve().parent) / FILE_NAME

    @property
    def used(self) -> list[Path]:
        """The files that were read, in order."""
        configs = [self.general, *self._by_file.values()]
        return list(dict.fromkeys(config.path for config in configs if config.path is not None))

    def _nearest(self, folder: Path) -> Config | None:
        if folder not in self._by_folder:
            found = find_config(folder)
            if found is not None and found not in self._by_file:
                self._by_file[found] = read_config(found)
            self._by_folder[folder] = self._by_file[found] if found else None
        return self._by_folder[folder]


def find_config(start: Path) -> Path | None:
    """The configuration file nearest to ``start`` (a file or folder), going up.

    In each folder ``normalizer.toml`` comes first, then a ``pyproject.toml`` with a ``[tool.normalizer]`` table. Raises
    ``ConfigError`` when a ``pyproject.toml`` on the way is not valid TOML.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if _is_file(folder / FILE_NAME):
            return folder / FILE_NAME
        if _is_file(folder / PROJECT_FILE) and _has_table(folder / PROJECT_FILE):
            return folder / PROJECT_FILE
    return None


def read_config(path: Path) -> Config:
    """Read a configuration file. From one named ``pyproject.toml`` only ``[tool.normalizer]`` is read.

    Raises ``ConfigError``, with file, line and key, when the file cannot be read, is not TOML, or has an unknown key
    or a value of the wrong type.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "normalizer.toml"
    ...     _ = path.write_text('min-confidence = 0.9')
    ...     read_config(path).settings.options
    {'min_confidence': 0.9}
    """
    text = _read(path)
    table = _parse(text, path)
    if path.name == PROJECT_FILE:
        table = _subtable(table, path)
    reader = _Reader(path, text)
    per_path = table.pop("per-path", [])
    if not isinstance(per_path, list) or not all(isinstance(entry, dict) for entry in per_path):
        raise reader.error("per-path", "is a list of tables; write [[per-path]]")
    settings = reader.settings(table, _EVERYWHERE)
    match_case = bool(table.get("match-case", False))
    return Config(path, settings, tuple(reader.path_settings(entry, match_case) for entry in per_path))


def add_ignore(path: Path, original: str, replacement: str | None = None) -> bool:
    r"""Write a rule into a configuration file so that a change is never proposed again; comments and layout stay.

    Without ``replacement`` no change of ``original`` is proposed any more. The file is made when there is none. Returns
    whether the rule is new. Raises ``ConfigError`` when the file is not a valid configuration or ``original`` is empty,
    ``InputError`` when it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "normalizer.toml"
    ...     _ = path.write_text("safe = true  # for now\n")
    ...     print(add_ignore(path, "doc", "document"), path.read_text())
    True safe = true  # for now
    ignore = ["doc -> document"]
    <BLANKLINE>
    """
    import tomlkit

    rule = IgnoreRule(original, replacement)
    if not original:
        raise ConfigError("a rule needs an original; an insertion cannot be ignored by its text")
    if path.exists():
        known = read_config(path).settings.rules.ignore
        if any((other.original, other.replacement) == (original, replacement) for other in known):
            return False
        document = tomlkit.parse(_read(path))
    else:
        document = tomlkit.document()
    table: Any = document
    if path.name == PROJECT_FILE:
        tool = document.setdefault("tool", tomlkit.table(is_super_table=True))
        table = tool.setdefault("normalizer", tomlkit.table())
    if "ignore" not in table:
        table["ignore"] = tomlkit.array()
    rules = table["ignore"]
    rules.append(_written(rule))
    if len(rules) > 1 and "\n" not in rules.as_string():
        rules.multiline(True)
    text = tomlkit.dumps(document)
    write_text(path, text)
    return True


def config_for_rules(start: Path) -> Path:
    """The file that ``add_ignore`` should write to for a text (or a folder of texts), as ``file_for_rules`` tells."""
    return Configurations().file_for_rules(start / "-" if start.is_dir() else start)


def _written(rule: IgnoreRule) -> Any:
    """The rule in the shortest form that reads back as the same."""
    import tomlkit

    text = rule.original if rule.replacement is None else f"{rule.original} {ARROW} {rule.replacement}"
    if rule.original.strip() and rule.replacement != "" and IgnoreRule.parse(text) == rule:
        return text
    table = tomlkit.inline_table()
    table["original"] = rule.original
    if rule.replacement is not None:
        table["replacement"] = rule.replacement
    return table


def _probability(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("is a number from 0 to 1")
    return float(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is true or false, without quotes")
    return value


def _assume(value: object) -> str:
    if value not in ("auto", "spun", "clean") or not isinstance(value, str):
        raise ValueError('is "auto", "spun" or "clean"')
    return value


def _strings(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('is a list of strings, such as ["one", "two"]')
    return value


def _kinds(value: object) -> list[str]:
    for kind in _strings(value):
        if kind not in KINDS:
            raise ValueError(f"is a list of kinds of edit, and {kind!r} is none; there are {', '.join(KINDS)}")
    return _strings(value)


def _jobs(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("is a whole number from 0")
    return value


def _encoding(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('is the name of an encoding, such as "utf-8"')
    return value


_PER_FILE: Mapping[str, Callable[[object], Any]] = {
    "min-confidence": _probability,
    "safe": _boolean,
    "assume": _assume,
    "only": _kinds,
    "skip": _kinds,
    "lexicon": _strings,
    "default-lexicons": _boolean,
}
"""Keys that mirror options and may differ from file to file, with what checks their values."""

_PER_RUN: Mapping[str, Callable[[object], Any]] = {"jobs": _jobs, "encoding": _encoding}
_RULES = ("ignore", "protect", "match-case")
_EVERYWHERE = {**_PER_FILE, **_PER_RUN}


class _Reader:
    """Turns tables into settings; its errors name the file, the line and the key."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def settings(
        self, table: Mapping[str, Any], options: Mapping[str, Callable[[object], Any]], match_case: bool = False
    ) -> Settings:
        values = {}
        for key, value in table.items():
            if key in options:
                values[key.replace("-", "_")] = self._checked(key, options[key], value)
            elif key not in _RULES:
                raise self._unknown(key, [*options, *_RULES, *(["per-path"] if options is _EVERYWHERE else ["paths"])])
        if "lexicon" in values:
            values["lexicon"] = [str(self.path.resolve().parent / Path(item).expanduser()) for item in values["lexicon"]]
        if "match-case" in table:
            match_case = self._checked("match-case", _boolean, table["match-case"])
        ignore = self._list(table, "ignore")
        protect = self._checked("protect", _strings, table.get("protect", []))
        rules = Rules(
            tuple(self._checked("ignore", lambda item: _ignore_rule(item, match_case), item) for item in ignore),
            tuple(ProtectedTerm(term, match_case) for term in protect),
        )
        for term in rules.protect:
            try:
                term.check()
            except ConfigError as error:
                raise self.error("protect", str(error), separator=": ") from error
        return Settings(values, rules)

    def path_settings(self, table: Mapping[str, Any], match_case: bool) -> PathSettings:
        rest = dict(table)
        if "paths" not in rest:
            raise self.error("per-path", 'needs paths, such as paths = ["drafts/", "*.md"]')
        paths = self._checked("paths", _strings, rest.pop("paths"))
        for key in rest:
            if key in _PER_RUN:
                raise self.error(key, "holds for the whole run; move it out of [[per-path]]")
        return PathSettings(tuple(paths), self.settings(rest, _PER_FILE, match_case))

    def error(self, key: str, message: str, *, separator: str = " ") -> ConfigError:
        """An error about a key."""
        line = re.search(rf'^[ \t\[]*(?:[\w.]*\.)?"?{re.escape(key)}"?[ \t]*[=\]]', self.text, re.MULTILINE)
        number = f":{self.text.count(chr(10), 0, line.start()) + 1}" if line else ""
        return ConfigError(f"{shown_path(self.path)}{number}: {key}{separator}{message}")

    def _checked(self, key: str, check: Callable[[object], Any], value: object) -> Any:
        try:
            return check(value)
        except ValueError as error:
            raise self.error(key, f"{error}; not {_shown(value)}") from error
        except ConfigError as error:
            raise self.error(key, str(error), separator=": ") from error

    def _list(self, table: Mapping[str, Any], key: str) -> list[Any]:
        value = table.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f'is a list, such as ["word", "original {ARROW} replacement"]; not {_shown(value)}')
        return value

    def _unknown(self, key: str, known: list[str]) -> ConfigError:
        close = get_close_matches(key.replace("_", "-"), known, 1)
        hint = f"did you mean {close[0]}?" if close else f"keys are {', '.join(sorted(known))}"
        return self.error(key, f"is no setting; {hint}")


def _ignore_rule(item: object, match_case: bool) -> IgnoreRule:
    if isinstance(item, str):
        return IgnoreRule.parse(item, match_case=match_case)
    if not isinstance(item, dict) or not item.get("original"):
        raise ValueError('holds "word", "original -> replacement" or { original = "…", replacement = "…" }')
    if unknown := sorted(set(item) - {"original", "replacement", "match-case"}):
        raise ValueError(f"knows no {unknown[0]!r} in a rule; there are original, replacement and match-case")
    original, replacement = item["original"], item.get("replacement")
    if not isinstance(original, str) or not isinstance(replacement, str | None):
        raise ValueError("wants strings for original and replacement")
    return IgnoreRule(original, replacement, _boolean(item.get("match-case", match_case)))


def shown_path(path: Path) -> str:
    """A path as messages show it: relative to the working folder when it is below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _shown(value: object) -> str:
    shown = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False


def _has_table(path: Path) -> bool:
    text = _read(path)
    return "normalizer" in text and "normalizer" in _parse(text, path).get("tool", {})


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{shown_path(path)}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown_path(path)}: not valid UTF-8, which TOML has to be; convert the file") from error


def _parse(text: str, path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        raise ConfigError(f"{shown_path(path)}:{line}: not valid TOML: {error}") from error


def _subtable(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    found = table.get("tool", {})
    found = found.get("normalizer", {}) if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        raise ConfigError(f"{shown_path(path)}: tool.normalizer is a table; write [{TABLE}]")
    return found

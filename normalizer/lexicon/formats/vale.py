"""Vale's substitution rules: YAML with a mapping ``swap``, from what is wrong to what is right. Needs PyYAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from normalizer.errors import ConfigError
from normalizer.lexicon.formats.records import Found, Options, Refused, outgoing, unconditional, unfit
from normalizer.lexicon.table import Row

_PATTERN = re.compile(r"[\\^$*+?()\[\]{}|.]")


def looks_like(text: str) -> bool:
    """Whether a line opens the mapping ``swap``."""
    return bool(re.search(r"^swap:\s*$", text, re.MULTILINE))


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """Keys that are patterns are refused; several values between bars make the tier ``context``."""
    yaml = _yaml()
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Refused(mark.line + 1 if mark else 0, f"not YAML: {getattr(error, 'problem', error)}")
        return
    swap = next((value for key, value in _items(root) if key.value == "swap"), None)
    if swap is None or not isinstance(swap, yaml.MappingNode):
        yield Refused(1, "no mapping 'swap': only substitution rules hold pairs")
        return
    for key, value in _items(swap):
        line = key.start_mark.line + 1
        if not isinstance(key.value, str) or not isinstance(value.value, str):
            yield Refused(line, "not a pair of texts", str(key.value))
        elif _PATTERN.search(key.value):
            yield Refused(line, "a pattern, not a wording", key.value)
        else:
            rights = value.value.split("|")
            for right in rights:
                yield Found(line, right.strip(), key.value.strip(), tier="context" if len(rights) > 1 else None)


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """A rule with all pairs, those of one wrong wording joined by bars."""
    refused: list[Refused] = []
    swap: dict[str, dict[str, None]] = {}
    for pair in unconditional(outgoing(rows), refused):
        if _PATTERN.search(pair.variant):
            refused.append(unfit(pair, "it would be a pattern to Vale"))
        else:
            swap.setdefault(pair.variant, {})[pair.canonical] = None
    rule = {
        "extends": "substitution",
        "message": "Use '%s' instead of '%s'.",
        "level": "warning",
        "ignorecase": True,
        "swap": {bad: "|".join(rights) for bad, rights in sorted(swap.items())},
    }
    text: str = _yaml().safe_dump(rule, allow_unicode=True, sort_keys=False, width=10_000)
    return text, refused


def _items(node: Any) -> list[tuple[Any, Any]]:
    return node.value if node is not None and node.id == "mapping" else []


def _yaml() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise ConfigError("Vale's rules are YAML, which needs PyYAML: pip install 'normalizer[yaml]'") from error
    return yaml

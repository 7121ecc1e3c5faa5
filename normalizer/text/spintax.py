"""Spintax residue: option sets in braces that the spinner did not resolve.

``{photograph}`` is a set with one option, so the word inside is the original. ``{big|large}`` is still open: every
option is a candidate.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SET = re.compile(r"\{([^{}|\n]{1,200}(?:\|[^{}|\n]{0,200})*)\}")
_CODE = re.compile(r"""[=;:<>$\\"()\[\]]|^\s*$|^[.#%*/]""")


class OptionSet(NamedTuple):
    """An option set: where it stands (code points, braces included) and its options."""

    start: int
    end: int
    options: tuple[str, ...]


def option_sets(text: str) -> list[OptionSet]:
    """The option sets of a text, innermost first where they nest; braces that look like code are left alone.

    >>> option_sets("{photograph}: a {big|large} hall, f{x=1}")
    [OptionSet(start=0, end=12, options=('photograph',)), OptionSet(start=16, end=27, options=('big', 'large'))]
    """
    if "{" not in text:
        return []
    found = []
    for match in _SET.finditer(text):
        inside = match.group(1)
        before = text[match.start() - 1] if match.start() else " "
        single = "|" not in inside
        if _CODE.search(inside) or before in "$\\{%" or text[match.end() : match.end() + 1] == "}":
            continue
        if single and (not inside.replace("-", "").replace("'", "").replace("’", "").isalpha() or before.isalnum()):
            continue
        found.append(OptionSet(match.start(), match.end(), tuple(option.strip() for option in inside.split("|"))))
    return found

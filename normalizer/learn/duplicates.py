"""Finding, among many texts, the original of each spun copy.

A spinner changes about every fourth word, but hardly a name, a number or a rare word. So texts are compared by the sets
of those: MinHash with locality-sensitive hashing (Broder 1997; by datasketch) proposes originals, the token alignment
decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import compress, decompress

from normalizer.errors import ConfigError
from normalizer.learn.align import LEAST_ALIKE, similarity
from normalizer.learn.pairs import Articles
from normalizer.learn.texts import Text
from normalizer.text.tokens import tokenize


class SearchSettings(NamedTuple):
    """``permutations`` of MinHash; ``jaccard``: the similarity of sets above which texts are compared at all;
    ``candidates``: how many originals are compared with a copy at most.
    """

    permutations: int = 64
    jaccard: float = 0.3
    candidates: int = 10


@dataclass
class Originals:
    """An index of originals, kept in memory: their texts compressed, about as large as the text itself in all.

    ``robust`` tells of a normalised word whether a spinner is likely to leave it alone. Raises ``ConfigError`` when
    datasketch is not installed.
    """

    robust: Callable[[str], bool]
    settings: SearchSettings = field(default_factory=SearchSettings)
    _texts: list[bytes] = field(default_factory=list)
    _by_id: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hash, lsh = _datasketch()
        self._index: Any = lsh(threshold=self.settings.jaccard, num_perm=self.settings.permutations)

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: Text) -> None:
        """Add an original."""
        number = len(self._texts)
        self._texts.append(compress(text.text.encode("utf-8", "surrogatepass"), 1))
        self._by_id[text.id] = number
        self._index.insert(number, self._sketch(text.text), check_duplication=False)

    def text(self, number: int) -> str:
        """The text of an original, by its number."""
        return decompress(self._texts[number]).decode("utf-8", "surrogatepass")

    def find(self, copy: Text) -> Articles | None:
        """The original of a copy, with it, or None. One with the copy's id is tried first."""
        sketch = self._sketch(copy.text)
        numbers = [self._by_id[copy.id]] if copy.id in self._by_id else []
        numbers += [number for number in self._index.query(sketch) if number not in numbers]
        tokens = [token.norm for token in tokenize(copy.text)]
        best, found = LEAST_ALIKE, None
        for number in numbers[: self.settings.candidates]:
            original = self.text(number)
            alike = similarity([token.norm for token in tokenize(original)], tokens)
            if alike >= best:
                best, found = alike, Articles(copy.name, original, copy.text)
            if alike > 0.9:
                break
        return found

    def _sketch(self, text: str) -> Any:
        sketch = self._hash(num_perm=self.settings.permutations)
        sketch.update_batch([word.encode() for word in sorted(features(text, self.robust))])
        return sketch


def features(text: str, robust: Callable[[str], bool]) -> frozenset[str]:
    """The words that recognise a text though it was spun: longer numbers, and words that spinners leave alone.

    >>> sorted(features("In 2019 Lindauer said so.", lambda word: word == "lindauer"))
    ['2019', 'lindauer']
    """
    return frozenset(
        token.norm
        for token in tokenize(text)
        if (len(token.norm) > 2 and token.norm[0].isdigit())
        or (len(token.norm) > 3 and token.norm[0].isalpha() and robust(token.norm))
    )


def matched(copies: Iterable[Text], originals: Originals, left: Counter[str]) -> Iterator[Articles]:
    """The copies with their originals; ``left`` counts those whose original is not there."""
    for copy in copies:
        found = originals.find(copy)
        if found is None:
            left["without an original"] += 1
        else:
            yield found


def _datasketch() -> tuple[Any, Any]:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError as error:
        raise ConfigError("finding originals needs datasketch: python -m pip install 'normalizer[learn]'") from error
    return MinHash, MinHashLSH

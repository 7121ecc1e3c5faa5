"""What a run over a data set does to each document."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from normalizer.errors import ConfigError

Keep = Literal["spun", "clean"]
OnError = Literal["skip", "fail", "keep"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The fields to read and write, and which documents to take. Immutable and picklable.

    ``text_field`` is restored; ``id_field`` names documents in messages and is checked for duplicates; ``edits_field``
    receives the provenance (edits, spun probability, engine); ``original_field`` keeps the text as it was. ``keep``:
    write only documents that are spun (probability 0.5 or more) or only the others. ``limit`` counts documents,
    ``sample`` is the probability with which each document is taken, chosen by its place so that a resumed run chooses
    alike. ``part_size`` (bytes of input) is how much work an interruption can cost; documents that are larger than
    ``max_size`` (bytes) count as errors.

    >>> Settings(text_field="body", sample=0.1).original_field is None
    True
    """

    text_field: str = "text"
    id_field: str | None = None
    edits_field: str | None = None
    original_field: str | None = None
    keep: Keep | None = None
    on_error: OnError = "skip"
    limit: int | None = None
    sample: float | None = None
    seed: int = 0
    encoding: str = "utf-8"
    part_size: int = 1_000_000
    max_size: int = 10_000_000

    def __post_init__(self) -> None:
        added = [name for name in (self.edits_field, self.original_field) if name is not None]
        if len({self.text_field, *added}) < 1 + len(added):
            raise ConfigError("--text-field, --edits-field and --keep-original need different field names")
        if self.sample is not None and not 0.0 < self.sample <= 1.0:
            raise ConfigError(f"--sample is a share of the documents above 0 and up to 1, not {self.sample}")

    @property
    def added_fields(self) -> tuple[str, ...]:
        """The fields that documents get on top of their own, in order."""
        return tuple(name for name in (self.original_field, self.edits_field) if name is not None)

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain data, to be compared when a run is resumed."""
        return asdict(self)

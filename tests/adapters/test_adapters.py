"""Every adapter in its framework: the same restorations as the library, and the provenance with them."""

from __future__ import annotations

import gzip
import importlib.util
import json
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from normalizer import Normalizer
from normalizer.adapters.core import MISSING, Restorer
from normalizer.errors import ConfigError

SPUN = (
    "Austrian International Minister Matthias Lindauer described the result as a modest doc. "
    "The settlement commits each side to upgrading greater than 1,900km of railway."
)
REASON = "adapters are tested with the extra 'test-adapters'"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    restoration = Normalizer(assume="spun").analyze(SPUN)
    assert restoration.edits
    return {"text": restoration.restored, "edits": [edit.to_dict() for edit in restoration.edits]}


def test_the_core_is_pickled_by_its_options(expected: dict[str, Any]) -> None:
    restorer = Restorer(assume="spun")
    assert len(pickle.dumps(restorer)) < 200
    copy = pickle.loads(pickle.dumps(restorer))
    assert copy.normalizer is restorer.normalizer
    assert copy(SPUN).text == expected["text"]
    assert [copy(value) for value in (None, float("nan"), 3)] == [MISSING] * 3
    with pytest.raises(ConfigError):
        Restorer(assume="perhaps")


def test_datasets(expected: dict[str, Any]) -> None:
    datasets = pytest.importorskip("datasets", reason=REASON)
    from normalizer.adapters.datasets import NormalizerMap

    before = datasets.Dataset.from_dict({"id": [1, 2], "text": [SPUN, None]})
    function = NormalizerMap(original_field="before", assume="spun")
    for after in (before.map(function, batched=True), before.to_iterable_dataset().map(function, batched=True)):
        first, second = list(after)
        assert (first["id"], first["text"], first["before"]) == (1, expected["text"], SPUN)
        assert json.loads(first["edits"]) == expected["edits"]
        assert (second["text"], second["edits"], second["spun_engine"]) == (None, None, None)


def test_pandas(expected: dict[str, Any]) -> None:
    pandas = pytest.importorskip("pandas", reason=REASON)
    from normalizer.adapters.pandas import restore, restore_frame

    for kind in (object, "string"):
        series = pandas.Series([SPUN, None], index=["a", "b"], name="body", dtype=kind)
        after = restore(series, assume="spun")
        assert (list(after.index), after.name, after.dtype) == (["a", "b"], "body", series.dtype)
        assert after["a"] == expected["text"]
        assert pandas.isna(after["b"])
    frame = pandas.DataFrame({"n": [1, 2], "body": [SPUN, None]}, index=[7, 7])
    wide = restore_frame(frame, "body", assume="spun")
    assert list(wide.columns) == ["n", "body", "spun_probability", "spun_engine", "edits"]
    assert wide["body"].iloc[0] == expected["text"]
    assert json.loads(wide["edits"].iloc[0]) == expected["edits"]
    assert frame["body"].iloc[0] == SPUN


def test_polars(expected: dict[str, Any]) -> None:
    polars = pytest.importorskip("polars", reason=REASON)
    from normalizer.adapters.polars import restore, restore_struct

    frame = polars.DataFrame({"n": [1, 2], "text": [SPUN, None]})
    assert frame.with_columns(restore("text", assume="spun"))["text"].to_list() == [expected["text"], None]
    lazy = frame.lazy().select("n", restore_struct(polars.col("text"), assume="spun").alias("r")).collect().unnest("r")
    assert lazy.columns == ["n", "text", "spun_probability", "spun_engine", "edits"]
    assert json.loads(lazy["edits"][0]) == expected["edits"]
    assert lazy.row(1) == (2, None, None, None, None)


def test_arrow(expected: dict[str, Any]) -> None:
    pa = pytest.importorskip("pyarrow", reason=REASON)
    import pyarrow.compute as pc

    from normalizer.adapters.arrow import register, restore, restore_struct

    for kind in (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        array = pa.array([SPUN, None]).cast(kind)
        after = restore(array, assume="spun")
        assert after.type == kind
        assert after.to_pylist() == [expected["text"], None]
    chunked = pa.chunked_array([[SPUN], [], [None]], pa.string())
    assert restore(chunked, assume="spun").to_pylist() == [expected["text"], None]
    assert restore(pa.chunked_array([], pa.string())).to_pylist() == []
    first, second = restore_struct(chunked, assume="spun").to_pylist()
    assert json.loads(first["edits"]) == expected["edits"]
    assert second["text"] is None
    name = register(assume="spun")
    assert pc.call_function(name, [pa.array([SPUN, None])]).to_pylist() == [expected["text"], None]


def test_sklearn(expected: dict[str, Any]) -> None:
    pytest.importorskip("sklearn", reason=REASON)
    from sklearn.base import clone
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline

    from normalizer.adapters.sklearn import NormalizerTransformer

    transformer = clone(NormalizerTransformer(assume="spun")).set_params(safe=False)
    assert transformer.fit_transform([SPUN]) == [expected["text"]]
    assert [edit.to_dict() for edit in transformer.analyze([SPUN])[0].edits] == expected["edits"]
    pipeline = make_pipeline(transformer, CountVectorizer()).fit([SPUN])
    assert "foreign" in pipeline[-1].vocabulary_
    assert pickle.loads(pickle.dumps(pipeline)).transform([SPUN]).shape[0] == 1


def test_datatrove(expected: dict[str, Any]) -> None:
    pytest.importorskip("datatrove", reason=REASON)
    from datatrove.data import Document

    from normalizer.adapters.datatrove import NormalizerFormatter, SpunFilter

    block = pickle.loads(pickle.dumps(NormalizerFormatter(assume="spun")))
    [document] = block.run([Document(text=SPUN, id="1", metadata={"url": "x"})])
    assert document.text == block.format(SPUN) == expected["text"]
    assert document.metadata["url"] == "x"
    assert document.metadata["normalizer"]["edits"] == expected["edits"]
    clean = Document(text="The cat sat on the mat.", id="2")
    assert list(SpunFilter()([clean])) == [clean]
    assert list(SpunFilter(keep="spun")([clean])) == []
    assert clean.metadata["spun_probability"] < 0.5


def test_datatrove_in_an_executor(tmp_path: Path, expected: dict[str, Any]) -> None:
    pytest.importorskip("datatrove", reason=REASON)
    pytest.importorskip("orjson", reason="datatrove's JSON reader needs orjson")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from normalizer.adapters.datatrove import NormalizerFormatter

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps({"id": "1", "text": SPUN}) + "\n")
    steps = [
        JsonlReader(str(tmp_path / "in")),
        NormalizerFormatter(assume="spun"),
        JsonlWriter(str(tmp_path / "out"), compression=None, output_filename="${rank}.jsonl"),
    ]
    LocalPipelineExecutor(steps, tasks=1, logging_dir=str(tmp_path / "logs")).run()
    [written] = [json.loads(line) for line in (tmp_path / "out" / "00000.jsonl").read_text().splitlines()]
    assert written["text"] == expected["text"]
    assert written["metadata"]["normalizer"]["edits"] == expected["edits"]


def test_spacy(expected: dict[str, Any]) -> None:
    spacy = pytest.importorskip("spacy", reason=REASON)
    from normalizer.adapters.spacy import restored_doc

    nlp = spacy.blank("en")
    nlp.add_pipe("normalizer", config={"options": {"assume": "spun"}})
    doc = nlp(SPUN)
    assert doc._.restored == expected["text"]
    assert doc._.edits == expected["edits"]
    assert "International" in [span.text for span in doc.spans["edits"]]
    fresh = restored_doc(nlp, doc)
    assert fresh.text == expected["text"]
    assert fresh.user_data["edits"] == expected["edits"]


def test_dolma(tmp_path: Path, expected: dict[str, Any]) -> None:
    from normalizer.adapters.dolma import write_attributes
    from normalizer.edits import Edit, apply_edits

    (tmp_path / "documents").mkdir()
    documents = [{"id": "1", "source": "x", "text": SPUN}, {"id": "2", "source": "x", "text": ""}]
    path = tmp_path / "documents" / "0.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(document) + "\n" for document in documents).encode()))
    target = write_attributes(path, assume="spun")
    assert target == tmp_path / "attributes" / "normalizer" / "0.jsonl.gz"
    first, second = [json.loads(line) for line in gzip.decompress(target.read_bytes()).splitlines()]
    assert (first["id"], second["id"]) == ("1", "2")
    spans = [span for name, found in first["attributes"].items() if not name.endswith("__spun") for span in found]
    assert sorted(span[:2] for span in spans) == [[edit["start"], edit["end"]] for edit in expected["edits"]]
    edits = [Edit(s, e, SPUN[s:e], new, "word", 1.0) for s, e, new in first["replacements"]]
    assert apply_edits(SPUN, edits) == expected["text"]
    assert list(second["attributes"]) == ["normalizer__spun"]


def test_dolma_mixes_by_our_attributes(tmp_path: Path) -> None:
    """The package's mixer, which is one extension module, so it works where the package's dependencies do not."""
    found = importlib.util.find_spec("dolma")
    if found is None or not found.submodule_search_locations:
        pytest.skip("Dolma's mixer is tested where `pip install --no-deps dolma` has been done")
    [library] = Path(found.submodule_search_locations[0]).glob("dolma.*.so")
    mixer = importlib.util.spec_from_file_location("dolma.dolma", library)
    assert mixer is not None
    assert mixer.loader is not None
    module = importlib.util.module_from_spec(mixer)
    mixer.loader.exec_module(module)
    from normalizer.adapters.dolma import write_attributes

    (tmp_path / "documents").mkdir()
    documents = [{"id": "1", "text": SPUN}, {"id": "2", "text": "é😀 The cat sat. BrontÃ« did."}]
    path = tmp_path / "documents" / "0.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(document) + "\n" for document in documents).encode()))
    write_attributes(path, assume="spun")
    stream = {
        "name": "mixed",
        "documents": [str(tmp_path / "documents" / "*.gz")],
        "attributes": ["normalizer"],
        "output": {"path": str(tmp_path / "mixed"), "max_size_in_bytes": 10**9},
        "compression": {"input": None, "output": None},
        "filter": {
            "include": [],
            "exclude": ["$.attributes[?(@.normalizer__spun[0][2] >= 0.5)]"],
            "syntax": "jsonpath",
        },
        "span_replacement": [
            {
                "span": "$.attributes.normalizer__encoding",
                "min_score": 0.5,
                "replacement": "[damaged]",
                "syntax": "jsonpath",
            }
        ],
    }
    folders = {"input": str(tmp_path / "from"), "output": str(tmp_path / "to")}
    module.mixer_entrypoint(json.dumps({"work_dir": folders, "processes": 1, "shuffle": False, "streams": [stream]}))
    [mixed] = (tmp_path / "mixed").rglob("*.gz")
    [kept] = [json.loads(line) for line in gzip.decompress(mixed.read_bytes()).splitlines()]
    assert (kept["id"], kept["text"]) == ("2", "é😀 The cat sat. [damaged] did.")


def test_spark(expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    sql = pytest.importorskip("pyspark.sql", reason=REASON)
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from normalizer.adapters.spark import ADDED, mapper

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    try:
        frame = session.createDataFrame([(1, SPUN), (2, None)], "id long, text string")
        after = frame.mapInPandas(mapper(assume="spun"), f"id long, text string, {ADDED}").orderBy("id").collect()
    finally:
        session.stop()
    assert (after[0].id, after[0].text) == (1, expected["text"])
    assert json.loads(after[0].edits) == expected["edits"]
    assert (after[1].text, after[1].edits) == (None, None)

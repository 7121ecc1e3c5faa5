from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.config import (
    Config,
    Configurations,
    add_ignore,
    find_config,
    read_config,
)
from normalizer.edits import Edit
from normalizer.errors import ConfigError, InputError


def written(folder: Path, text: str, name: str = "normalizer.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_every_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        min-confidence = 1
        safe = true
        assume = "spun"
        only = ["word", "phrase"]
        skip = []
        jobs = 0
        encoding = "cp1252"
        match-case = true
        ignore = ["doc", "deal -> agreement", { original = "a -> b", match-case = false }]
        protect = ["Manger", "/X+/"]
        """,
    )
    config = read_config(path)
    assert config.settings.options == {
        "min_confidence": 1.0,
        "safe": True,
        "assume": "spun",
        "only": ["word", "phrase"],
        "skip": [],
        "jobs": 0,
        "encoding": "cp1252",
    }
    rules = config.settings.rules
    assert [(r.original, r.replacement, r.match_case) for r in rules.ignore] == [
        ("doc", None, True),
        ("deal", "agreement", True),
        ("a -> b", None, False),
    ]
    assert [term.term for term in rules.protect] == ["Manger", "/X+/"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("min-confidance = 1", "normalizer.toml:1: min-confidance is no setting; did you mean min-confidence?"),
        ("min_confidence = 1", "normalizer.toml:1: min_confidence is no setting; did you mean min-confidence?"),
        ("\nzzz = 1", "normalizer.toml:2: zzz is no setting; keys are assume, default-lexicons, encoding"),
        ("min-confidence = '0.9'", "normalizer.toml:1: min-confidence is a number from 0 to 1; not '0.9'"),
        ("min-confidence = 1.5", "min-confidence is a number from 0 to 1; not 1.5"),
        ("min-confidence = true", "min-confidence is a number from 0 to 1; not true"),
        ("min-confidence = nan", "min-confidence is a number from 0 to 1; not nan"),
        ("safe = 'yes'", "safe is true or false, without quotes; not 'yes'"),
        ("assume = 'dirty'", 'assume is "auto", "spun" or "clean"; not \'dirty\''),
        ("assume = ['auto']", "assume is"),
        ("only = 'word'", "only is a list of strings"),
        ("skip = ['words']", "skip is a list of kinds of edit, and 'words' is none; there are encoding, spintax"),
        ("jobs = -1", "jobs is a whole number from 0; not -1"),
        ("encoding = 8", "encoding is the name of an encoding"),
        ("ignore = 'doc'", "ignore is a list"),
        ("ignore = [1]", "ignore holds"),
        ("ignore = ['']", "ignore: '' names no word"),
        ("ignore = [' -> x']", "names no word"),
        ("ignore = [{replacement = 'x'}]", "ignore holds"),
        ("ignore = [{original = 'x', case = true}]", "ignore knows no 'case' in a rule"),
        ("ignore = [{original = 1}]", "ignore wants strings"),
        ("protect = ['a', '/(/']", "normalizer.toml:1: protect: '/(/' is no regular expression"),
        ("match-case = 1", "match-case is true or false"),
        ("per-path = 1", "per-path is a list of tables"),
        ("[per-path]\npaths = ['a']", "normalizer.toml:1: per-path is a list of tables; write [[per-path]]"),
        ("[[per-path]]\nsafe = true", "normalizer.toml:1: per-path needs paths"),
        ("[[per-path]]\npaths = 'a'", "normalizer.toml:2: paths is a list of strings"),
        ("[[per-path]]\npaths = []\njobs = 2", "normalizer.toml:3: jobs holds for the whole run"),
        ("[[per-path]]\npaths = []\nsaef = true", "normalizer.toml:3: saef is no setting; did you mean safe?"),
        ("safe = \n", "normalizer.toml:1: not valid TOML: "),
        ("x", "not valid TOML"),
    ],
)
def test_errors_name_file_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(written(tmp_path, text))
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_config(tmp_path / "gone.toml")
    with pytest.raises(ConfigError, match="is a directory"):
        read_config(tmp_path)
    (tmp_path / "n.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not valid UTF-8"):
        read_config(tmp_path / "n.toml")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, "\ufeffsafe = true")).settings.options == {"safe": True}


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    outer = written(tmp_path, "")
    assert find_config(tmp_path / "a" / "b") == outer
    written(tmp_path / "a", "[tool.other]\nx = 1", "pyproject.toml")
    assert find_config(tmp_path / "a" / "b") == outer
    inner = written(tmp_path / "a", "[tool.normalizer]\nsafe = true", "pyproject.toml")
    assert find_config(tmp_path / "a" / "b" / "text.txt") == inner
    assert read_config(inner).settings.options == {"safe": True}
    first = written(tmp_path / "a", "")
    assert find_config(tmp_path / "a") == first


def test_a_broken_pyproject_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, "[tool.normalizer\n", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:1: not valid TOML"):
        find_config(tmp_path)
    written(tmp_path, "[tool]\nnormalizer = 1\n", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"tool\.normalizer is a table"):
        read_config(tmp_path / "pyproject.toml")


def test_per_path(tmp_path: Path) -> None:
    config = read_config(
        written(
            tmp_path,
            """
            safe = true
            ignore = ["doc"]
            [[per-path]]
            paths = ["drafts/", "*.md", "!keep.md"]
            min-confidence = 0.9
            ignore = ["deal"]
            [[per-path]]
            paths = ["drafts/old/**"]
            min-confidence = 0.8
            safe = false
            """,
        )
    )

    def options(name: str) -> object:
        return dict(config.for_file(tmp_path / name).options)

    assert options("a.txt") == {"safe": True}
    assert options("keep.md") == {"safe": True}
    assert options("deep/er/a.md") == {"safe": True, "min_confidence": 0.9}
    assert options("drafts/a.txt") == {"safe": True, "min_confidence": 0.9}
    assert options("drafts/old/a.txt") == {"safe": False, "min_confidence": 0.8}
    assert [rule.original for rule in config.for_file(tmp_path / "a.md").rules.ignore] == ["doc", "deal"]
    assert options("/elsewhere/a.md") == {"safe": True, "min_confidence": 0.9}


def test_each_file_has_its_own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "here", "assume = 'spun'")
    written(tmp_path / "there", "assume = 'clean'")
    (tmp_path / "bare").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    found = Configurations()
    assert found.settings_for(None).options == {"assume": "spun"}
    assert found.settings_for(Path("a.txt")).options == {"assume": "spun"}
    assert found.settings_for(tmp_path / "there" / "a.txt").options == {"assume": "clean"}
    assert found.settings_for(tmp_path / "bare" / "a.txt").options == {"assume": "spun"}
    named = Configurations(tmp_path / "there" / "normalizer.toml")
    assert named.settings_for(Path("a.txt")).options == {"assume": "clean"}
    assert len(found.used) == 2
    assert found.file_for_rules(None) == tmp_path / "here" / "normalizer.toml"
    assert found.file_for_rules(tmp_path / "there" / "a.txt") == tmp_path / "there" / "normalizer.toml"
    assert named.file_for_rules(Path("a.txt")) == tmp_path / "there" / "normalizer.toml"


def test_a_rule_is_added_and_comments_stay(tmp_path: Path) -> None:
    path = written(tmp_path, "# why\nsafe = true  # because\n\n[[per-path]]\npaths = ['a']  # these\n")
    assert add_ignore(path, "doc", "document")
    assert add_ignore(path, "deal")
    assert not add_ignore(path, "doc", "document")
    text = path.read_text()
    for comment in ("# why", "# because", "# these"):
        assert comment in text
    config = read_config(path)
    assert config.settings.options == {"safe": True}
    assert len(config.per_path) == 1
    assert [(r.original, r.replacement) for r in config.settings.rules.ignore] == [("doc", "document"), ("deal", None)]


def test_a_rule_goes_into_pyproject(tmp_path: Path) -> None:
    path = written(tmp_path, "[project]\nname = 'x'\n\n[tool.ruff]\nselect = ['E']\n", "pyproject.toml")
    add_ignore(path, "doc")
    assert path.read_text().startswith("[project]\nname = 'x'\n\n[tool.ruff]\nselect = ['E']\n")
    assert read_config(path).settings.rules.ignore[0].original == "doc"


def test_line_ends_of_a_configuration_stay(tmp_path: Path) -> None:
    path = written(tmp_path, "# why\r\nsafe = true\r\nignore = [\r\n    'a', # yes\r\n]\r\n")
    add_ignore(path, "doc")
    assert b"# yes\r\n" in path.read_bytes()
    assert [rule.original for rule in read_config(path).settings.rules.ignore] == ["a", "doc"]


def test_a_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = tmp_path / "news.txt"
    text.touch()
    add_ignore(tmp_path / "normalizer.toml", "doc")
    assert Configurations().file_for_rules(text) == tmp_path / "normalizer.toml"
    with pytest.raises(InputError, match="could not be written"):
        add_ignore(tmp_path / "no" / "such" / "normalizer.toml", "doc")


def test_a_broken_configuration_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "ignore = 'doc'\n")
    with pytest.raises(ConfigError, match="ignore is a list"):
        add_ignore(path, "deal")
    assert path.read_text() == "ignore = 'doc'\n"
    with pytest.raises(ConfigError, match="needs an original"):
        add_ignore(path, "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            st.none() | st.text(st.characters(exclude_categories=["Cs"])),
        ),
        max_size=4,
    ),
    st.sampled_from(
        ["", "# c\nsafe = true\n", "ignore = ['x']  # c\n", "[[per-path]]\npaths = ['a']\n", "match-case = true\n"]
    ),
)
def test_every_added_rule_drops_its_edit(pairs: list[tuple[str, str | None]], before: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), before)
        for original, replacement in pairs:
            add_ignore(path, original, replacement)
        config: Config = read_config(path)
        for original, replacement in pairs:
            edit = Edit(0, len(original), original, "other" if replacement is None else replacement, "word", 0.9)
            assert config.settings.rules.unwanted(edit)


def test_the_example_in_the_documentation(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "docs" / "configuration.md"
    if not page.exists():
        pytest.skip("needs docs/configuration.md, which only a checkout has")
    example = page.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    config = read_config(written(tmp_path, example))
    assert len(config.settings.rules.protect) == 2
    assert config.for_file(tmp_path / "drafts" / "a.txt").options["safe"] is True
    assert "safe" not in config.for_file(tmp_path / "README.md").options

"""Words give the text back, keep to the borders of entities, and come from the disk alone."""

import re
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projner.errors import ProjnerError
from projner.words import FILES, MODEL, words

ROOT = Path(__file__).resolve().parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
PROJECT = "总投资1.14亿元的二道江区鸭园镇头沟村冷水鱼养殖基地建设项目"


def starts(parts: list[str]) -> set[int]:
    return {sum(map(len, parts[:at])) for at in range(len(parts) + 1)}


@pytest.mark.parametrize("page", SEEDS, ids=lambda page: page.stem)
def test_a_page_comes_back_whole(page: Path) -> None:
    text = page.read_bytes().decode("utf-8")
    found = words(text)
    assert "".join(found) == text
    assert all(found)
    longest = max(found, key=lambda word: 0 if word.isspace() else len(word))
    assert len(longest) < 20, longest
    assert len(text) / 3 < len(found) < len(text), "words, neither characters nor sentences"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "　　",
        "　　本报讯（记者 张三）\r\n　　通化市\u3000集安市\n\n项目\t开工 ",
        "开工🎉👨‍👩‍👧大吉🇨🇳！",
        "𠮷林省通化市",
        "投资ＡＢＣ１２３亿元，１．５％",
        "a-b_c.d,e|f/g*h:i",
        "é 与 e\u0301，零\u200b宽",
        "\ufeff通化",
        "字\ud800半",
    ],
)
def test_any_text_comes_back(text: str) -> None:
    assert "".join(words(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_borders_are_word_borders(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="通化市投资1.5亿元 AB项目\n　的，", max_size=25))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    entities = list(zip(cuts[::2], cuts[1::2], strict=False))
    found = words(text, entities)
    assert "".join(found) == text and all(found)
    assert {border for entity in entities for border in entity} <= starts(found)


def test_no_text_no_words() -> None:
    assert words("") == []


def test_blanks_are_words_of_their_own() -> None:
    found = words("　　通化市 集安市\n开工")
    assert [word for word in found if not word.strip()] == ["　　", " ", "\n"]
    assert not any(re.search(r"\S\s|\s\S", word) for word in found)


def test_an_entity_is_split_inside_and_never_joined_across() -> None:
    region = (PROJECT.index("二道江"), PROJECT.index("冷水"))
    money = (3, 9)
    found = words(PROJECT, [money, region])
    assert {*money, *region} <= starts(found)
    assert len(starts(found) & set(range(region[0] + 1, region[1]))) >= 3, "二道江, 鸭园 and 头沟 are words"


def test_borders_hold_where_the_model_would_not_cut() -> None:
    assert "项目" in words("重点项目开工")
    assert {3} <= starts(words("重点项目开工", [(0, 3)]))
    assert {1} <= starts(words("Huawei", [(0, 1)]))


def test_numbers_and_latin_words_stay_whole() -> None:
    found = words("中车与Huawei签约1,234.56万元的GPU项目")
    assert "Huawei" in found and "GPU" in found
    assert any(word.startswith("1,234.56") for word in found)


def test_common_words() -> None:
    assert words("项目建设进展顺利。") == ["项目", "建设", "进展", "顺利", "。"]


@pytest.mark.parametrize("entity", [(-1, 2), (0, 5), (2, 1)])
def test_an_entity_outside_the_text_is_named(entity: tuple[int, int]) -> None:
    with pytest.raises(ProjnerError) as error:
        words("通化市", [entity])
    assert error.value.code == "P651"


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    for name in FILES:
        if name != missing:
            (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    with pytest.raises(ProjnerError, match=missing) as error:
        words("通化市", model=tmp_path)
    assert error.value.code == "P650"


def test_offline_without_a_trace() -> None:
    """A fresh process: no network, nothing written at home, nothing loaded before the first text."""
    program = """
import os, socket, sys
def refuse(*args, **kwargs): raise AssertionError("network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import projner.words
assert "spacy_pkuseg" not in sys.modules and "numpy" not in sys.modules
assert projner.words.words("通化市开工") and not os.listdir(os.environ["HOME"])
from spacy_pkuseg.config import config
assert "projner" not in config.modelDir, "a setting that other users of spacy-pkuseg share"
"""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={"HOME": home, "PATH": "", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" and done.stdout == ""


def test_spacy_pkuseg_itself_loads_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy_pkuseg  # type: ignore[import-untyped]
    from spacy_pkuseg.config import config  # type: ignore[import-untyped]

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(config, "modelDir", config.modelDir)
    theirs = spacy_pkuseg.pkuseg(str(MODEL), user_dict=None).cut(text := "重点项目建设进展顺利。")
    assert theirs == words(text)


def test_threads_agree() -> None:
    texts = [f"{PROJECT}第{at}期。" for at in range(40)]  # more than the cache holds
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(words, texts))
    assert together == [words(text) for text in texts]


def test_the_result_is_the_callers_own() -> None:
    first = words("通化市开工")
    first.clear()
    assert "".join(words("通化市开工")) == "通化市开工"


def test_doc_words() -> None:
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import Span

    from projner import register

    register()
    doc = spacy.blank("zh")(PROJECT + "\n开工")
    doc.ents = [Span(doc, 10, 20, label="REGION")]
    assert doc.ents[0].text == "二道江区鸭园镇头沟村"
    assert "".join(doc._.words) == doc.text
    assert {10, 20} <= starts(doc._.words)


def test_the_model_is_small_and_carries_its_licence() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 6_000_000
    assert "CC BY-SA 4.0" in (MODEL / "LICENSE").read_text(encoding="utf-8")
    assert "GSDSimp" in (ROOT / "NOTICE").read_text(encoding="utf-8")

"""Lists of names and corpora as the training reads them."""

import json
from pathlib import Path

import pytest

from projner.convert import docbin

ROOT = Path(__file__).resolve().parents[2]
PAGE = "003_ac5196cfa2f515dd.txt"


def row(id, text, *, file=None):
    where = {} if file is None else {"file": f"seeds/{file}", "start": 0}
    span = {"start": 0, "end": 2, "label": "REGION", "text": text[:2]}
    return {"id": id, **where, "text": text, "spans": [span]}


@pytest.fixture
def build(script, tmp_path, monkeypatch):
    """build(*arguments): build_corpus over a corpus of eleven small rows; the folder that it wrote."""
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    parts = {
        "authored/a.jsonl": [row(f"a{at}", f"通化开工{at}。") for at in range(7)],
        "seeds/000_one.jsonl": [row(f"one{at}", f"集安开工{at}。", file="000_one.txt") for at in range(2)],
        "seeds/003_two.jsonl": [row(f"two{at}", f"白山开工{at}。", file="003_two.txt") for at in range(2)],
    }
    for name, rows in parts.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    (corpus / "seeds" / "projects.jsonl").write_text('{"no": "annotation"}\n', encoding="utf-8")
    module = script("build_corpus")
    monkeypatch.setattr(module, "CORPUS", corpus)

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["build_corpus.py", str(out), *map(str, arguments)])
        module.main()
        return out

    return run


def ids(path):
    if path.suffix == ".spacy":
        return [row["text"] for row in docbin.read(path)]
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_without_news_it_says_so_and_takes_all_of_the_corpus(build, capsys):
    out = build("--news", "", "--dev", "")
    assert "No news texts given: training on the texts of corpus/ alone." in capsys.readouterr().out
    assert len(ids(out / "train.spacy")) == 11
    assert set(ids(out / "dev.spacy")) <= set(ids(out / "train.spacy"))


def test_news_and_dev_are_read_where_given(build, tmp_path, capsys):
    for name in ("news", "dev"):
        (tmp_path / name).write_text(json.dumps(row(name, f"长春{name}。")) + "\n", encoding="utf-8")
        (tmp_path / name).rename(tmp_path / f"{name}.jsonl")
    out = build("--news", tmp_path / "news.jsonl", "--dev", tmp_path / "dev.jsonl")
    assert "No news" not in capsys.readouterr().out
    assert "长春news。" in ids(out / "train.spacy") and "长春dev。" not in ids(out / "train.spacy")
    assert ids(out / "dev.spacy") == ["长春dev。"]


@pytest.mark.parametrize("name", ["003_two.txt", "seeds/003_two.txt"])
def test_without_leaves_a_page_out_and_keeps_it_aside(build, name):
    out = build("--without", name, "--folds", 2)
    page = {"白山开工0。", "白山开工1。"}
    assert set(ids(out / "page.jsonl")) == page
    for part in ("train.spacy", "dev.spacy", "fold0/held.jsonl", "fold1/held.jsonl", "fold0/train.spacy"):
        assert not page & set(ids(out / part))
    assert len(ids(out / "train.spacy")) == 9


def test_without_a_page_that_does_not_exist_stops(build):
    with pytest.raises(SystemExit, match=r"004_none\.txt: no row .*000_one\.txt, 003_two\.txt"):
        build("--without", "004_none.txt")


def test_folds_are_disjoint_and_complete(build):
    out = build("--folds", 3)
    everything = ids(out / "train.spacy")
    held = [ids(out / f"fold{fold}" / "held.jsonl") for fold in range(3)]
    assert sorted(text for part in held for text in part) == sorted(everything)
    for fold, part in enumerate(held):
        trained = ids(out / f"fold{fold}" / "train.spacy")
        assert not set(trained) & set(part)
        assert sorted(trained + part) == sorted(everything)


def test_the_seed_page_of_the_project_is_in_the_corpus():
    files = {
        Path(json.loads(line)["file"]).name
        for path in (ROOT / "corpus" / "seeds").glob("0*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    project = (ROOT / "training" / "project.yml").read_text(encoding="utf-8")
    assert PAGE in files and f'page: "{PAGE}"' in project


@pytest.fixture(scope="module")
def lexicon(run_script, tmp_path_factory):
    out = tmp_path_factory.mktemp("lexicon") / "new" / "lexicon.json"
    done = run_script("build_lexicon", out)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text(encoding="utf-8"))


def test_lexicon_has_divisions_by_level_and_the_lists(lexicon):
    assert len(lexicon) <= 32  # one bit each
    assert {"吉林省"} <= set(lexicon["province"]) and {"吉林"} <= set(lexicon["province_short"])
    assert {"通化市"} <= set(lexicon["city"]) and {"二道江区"} <= set(lexicon["county"])
    assert {"鸭园镇"} <= set(lexicon["town"])
    lists = {path.stem for path in (ROOT / "training" / "lists").glob("*.txt")}
    assert lists <= lexicon.keys() and all(lexicon[name] for name in lists)


def test_lexicon_has_no_bare_town_names_comments_or_repeats(lexicon):
    assert "town_short" not in lexicon and "光明" not in lexicon["town"]
    for category, names in lexicon.items():
        assert len(names) == len(set(names)), category
        assert not [name for name in names if "#" in name or name != name.strip() or not name], category


def test_lines_of_a_list(script, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("甲 乙 # 丙\n# 丁\n\n戊\n", encoding="utf-8")
    assert list(script("build_lexicon").lines(path)) == ["甲", "乙", "戊"]


def test_passages_are_trained_on_in_every_fold_and_never_held_out(build, tmp_path):
    passage = row("p0", "集安的一段。") | {"source": {"article": "0" * 64}}
    article = row("n0", "柳河的一篇。") | {"source": {"path": "a.md"}}
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(r) + "\n" for r in (passage, article)), encoding="utf-8")
    out = build("--news", news, "--folds", 3)
    held = [ids(out / f"fold{fold}" / "held.jsonl") for fold in range(3)]
    kept = [ids(out / f"fold{fold}" / "train.spacy") for fold in range(3)]
    assert all("集安的一段。" in texts for texts in kept)
    assert sorted(text for texts in held for text in texts) == sorted(
        set(ids(out / "train.spacy")) - {"集安的一段。"}
    )
    assert all(not set(one) & set(other) for one, other in zip(held, kept, strict=True))


def test_a_share_of_the_texts_comes_again_with_other_companies_but_is_never_held_out(build, tmp_path):
    texts = [
        f"昆盛{name}在通化开工。" for name in ("药业", "重工", "食品", "矿业", "水泥", "啤酒", "电缆", "轮胎")
    ]
    span = {"start": 0, "end": 4, "label": "COMPANY"}
    rows = [{"id": t, "text": t, "spans": [{**span, "text": t[:4]}]} for t in texts]
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    out = build("--news", news, "--folds", 2, "--swapped", 1)
    everything = ids(out / "train.spacy")
    assert set(texts) <= set(everything) and 11 + 8 < len(everything) <= 11 + 16
    held = [ids(out / f"fold{fold}/held.jsonl") for fold in (0, 1)]
    assert len(held[0] + held[1]) == 11 + 8
    for fold in (0, 1):
        copies = set(ids(out / f"fold{fold}/train.spacy")) - set(held[1 - fold])
        assert copies and copies.isdisjoint(texts)
        assert 11 + 8 - len(held[fold]) + len(copies) == len(ids(out / f"fold{fold}/train.spacy"))


def test_a_file_that_is_not_there_or_a_bad_row_is_one_line(run_script, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "a", "text": "通化", "spans": []}\n{"id"\n', encoding="utf-8")
    for news, named in ((tmp_path / "none.jsonl", "none.jsonl"), (bad, "bad.jsonl row 2")):
        done = run_script("build_corpus", tmp_path / "out", "--news", news)
        assert done.returncode == 1
        assert named in done.stderr and done.stderr.count("\n") == 1

import json
import shutil

import pytest
from report_rows import SEEDS, emoji_row, seed_rows

from projner.errors import ProjnerError
from projner.report.files import report_files, tagged_files


@pytest.fixture
def tagged(tmp_path):
    path = tmp_path / "tagged.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in seed_rows()), encoding="utf-8")
    return path


def test_tagged_rows_are_taken_as_they_are(tagged, tmp_path):
    out = tmp_path / "r.html"
    count, summary = report_files([str(tagged)], out, lang="en")
    assert (count, summary.documents, summary.failures) == (16, 0, 0)
    assert "冷水鱼养殖基地建设项目" in out.read_text(encoding="utf-8")


def test_several_files_and_folders_make_one_page(tagged, tmp_path):
    folder = tmp_path / "more"
    folder.mkdir()
    shutil.copy(SEEDS / "003_ac5196cfa2f515dd.jsonl", folder)
    count, _ = report_files([str(tagged), str(folder)], tmp_path / "r.html")
    assert count == 23


def test_articles_are_told_from_tagged_rows(tagged, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("总投资1.14亿元", encoding="utf-8")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "a", "text": "总投资1.14亿元"}\n', encoding="utf-8")
    assert tagged_files([str(tagged)]) == [str(tagged)]
    assert tagged_files([str(article), str(rows)]) == []
    assert tagged_files(["-"]) == []
    with pytest.raises(ProjnerError, match=r"tagged\.jsonl is tagged and .*a\.txt is not"):
        tagged_files([str(tagged), str(article)])
    with pytest.raises(ProjnerError, match=r"gone\.jsonl.*does not exist"):
        tagged_files([str(tagged), str(tmp_path / "gone.jsonl")])


def test_a_broken_line_is_named_with_its_file(tagged, tmp_path):
    with tagged.open("a", encoding="utf-8") as file:
        file.write("\n{broken")
    with pytest.raises(ProjnerError, match=r"tagged\.jsonl row 17"):
        report_files([str(tagged)], tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


def test_the_page_never_overwrites_an_input_or_asks_for_a_missing_folder(tagged, tmp_path):
    with pytest.raises(ProjnerError, match="is an input too"):
        report_files([str(tagged)], tagged)
    with pytest.raises(ProjnerError, match="there is no folder"):
        report_files([str(tagged)], tmp_path / "none" / "r.html")


def test_articles_are_tagged_first(tmp_path, monkeypatch):
    def make(options, kind, columns):
        from projner.batch.encode import encoder
        from projner.batch.tagging import Outcome

        write = encoder(kind, flat=False, text=True, extra=columns)
        return lambda tasks: [Outcome(write(emoji_row() | {"id": task.id})) for task in tasks]

    monkeypatch.setattr("projner.batch.run.make_tagger", make)
    article = tmp_path / "a.txt"
    article.write_text(emoji_row()["text"], encoding="utf-8", newline="")
    out = tmp_path / "r.html"
    seen = []
    count, summary = report_files(
        [str(article), str(tmp_path / "gone.txt")], out, notify=seen.append, advance=lambda *_: None
    )
    assert (count, summary.documents, summary.failures) == (1, 1, 1)
    assert any("gone.txt" in line for line in seen)
    assert "冷水鱼养殖基地建设项目" in out.read_text(encoding="utf-8")


def test_the_command(tagged, tmp_path):
    from typer.testing import CliRunner

    from projner.cli import app

    out = tmp_path / "r.html"
    result = CliRunner().invoke(
        app, ["report", str(tagged), "-o", str(out), "--lang", "en", "--title", "Tonghua"]
    )
    assert result.exit_code == 0, result.output
    assert "16 articles written to" in result.stderr
    assert "<title>Tonghua</title>" in out.read_text(encoding="utf-8")

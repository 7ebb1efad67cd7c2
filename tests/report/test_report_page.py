import json
import re
from html.parser import HTMLParser
from importlib import resources

import pytest
from report_rows import emoji_row, many_rows, seed_rows

from projner.errors import ProjnerError
from projner.report import build_payload, render_page, write_report
from projner.report.page import to_script_json

ASSETS = resources.files("projner.report") / "assets"
TEXTS = json.loads((ASSETS / "texts.json").read_text(encoding="utf-8"))
SCRIPTS = {
    path.name: path.read_text(encoding="utf-8") for path in ASSETS.iterdir() if path.name.endswith(".js")
}


class Page(HTMLParser):
    """Tags with their attributes, and what stands in script elements, as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts = [], []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
            self._inside = True

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "script"

    def handle_data(self, data):
        if self._inside:
            attrs, before = self.scripts[-1]
            self.scripts[-1] = (attrs, before + data)


def articles_of(page):
    parts = [text for attrs, text in page.scripts if attrs.get("class") == "articles"]
    return [article for part in parts for article in json.loads(part)]


def test_the_text_of_an_article_cannot_leave_its_data():
    rows = [emoji_row(), seed_rows()[0]]
    text = render_page(build_payload(rows, title="</title><script>alert(1)</script>"))
    page = Page(text)
    kinds = [(tag, attrs.get("type")) for tag, attrs in page.tags if tag in ("script", "img", "iframe")]
    assert kinds == [("script", "application/json")] * 3 + [("script", None)]
    assert [article["text"] for article in articles_of(page)] == [row["text"] for row in rows]
    assert "\u2028" not in text


def test_json_for_a_script_is_the_same_data_without_anything_that_ends_it():
    data = {"a": "</script><!-- ]]> & \u2028\u2029 😀 \r\n \x00"}
    text = to_script_json(data)
    assert not set("<>&\u2028\u2029\r\n\x00") & set(text)
    assert json.loads(text) == data


def test_nothing_is_loaded_from_anywhere():
    text = render_page(build_payload(seed_rows()))
    assert not re.search(r"https?:|@import|url\(|\bfetch\(|XMLHttpRequest|import\(", text)
    page = Page(text)
    assert not [attrs for _, attrs in page.tags if "src" in attrs]
    assert [attrs["href"] for tag, attrs in page.tags if tag == "link"] == ["data:,"]
    policy = next(attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")


def test_many_articles_stand_in_blocks_of_moderate_size():
    rows = list(many_rows(600))
    text = render_page(build_payload(rows))
    page = Page(text)
    blocks = [body for attrs, body in page.scripts if attrs.get("class") == "articles"]
    assert len(blocks) > 1
    assert max(map(len, blocks)) < 600_000
    assert [article["id"] for article in articles_of(page)] == [row["id"] for row in rows]
    assert len(text.encode()) / len(rows) * 5000 < 40_000_000


def test_the_page_is_written_in_the_language_asked_for(tmp_path):
    for lang, html, title in (("zh", "zh-CN", TEXTS["zh"]["title"]), ("en", "en", TEXTS["en"]["title"])):
        out = tmp_path / f"{lang}.html"
        assert write_report(seed_rows(), out, lang=lang) == 16
        text = out.read_text(encoding="utf-8")
        assert f'<html lang="{html}">' in text
        assert f"<title>{title}</title>" in text
        assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_a_given_title_is_the_heading(tmp_path):
    out = tmp_path / "r.html"
    write_report([emoji_row()], out, title="通化 & 白山")
    assert "<title>通化 &amp; 白山</title>" in out.read_text(encoding="utf-8")


def test_wrong_use_is_named(tmp_path):
    with pytest.raises(ProjnerError, match=r"'fr' is no language.*zh, en"):
        write_report([emoji_row()], tmp_path / "r.html", lang="fr")
    with pytest.raises(ProjnerError, match=r"cannot be written"):
        write_report([emoji_row()], tmp_path / "none" / "r.html")


def shape(value):
    """Keys and placeholders of a tree of texts; what differs between languages on purpose is left out."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items() if key != "scales"}
    if isinstance(value, list):
        return len(value)
    return sorted(re.findall(r"\{\w+\}", value))


def test_both_languages_say_the_same_things():
    assert shape(TEXTS["zh"]) == shape(TEXTS["en"])


def test_every_text_that_the_page_uses_exists():
    template = (ASSETS / "page.html").read_text(encoding="utf-8")
    used = set(re.findall(r'data-(?:text|label|hint)="(\w+)"', template))
    for script in SCRIPTS.values():
        used |= set(re.findall(r'\b(?:say|line|nameOf)\("(\w+)"', script))
    assert len(used) > 60
    assert used <= TEXTS["zh"].keys()


def test_every_role_and_level_has_a_name():
    roles = re.search(r"ROLES = \[(.*?)\]", SCRIPTS["data.js"], re.DOTALL)[1]
    assert re.findall(r'"(\w+)"', roles) == list(TEXTS["zh"]["roles"])
    written = {item["amount"]["role"] for row in seed_rows() for item in row["entities"] if "amount" in item}
    assert written <= TEXTS["zh"]["roles"].keys()
    levels = ["country", "province", "city", "county", "town", "village", "zone", "macro"]
    assert list(TEXTS["en"]["levels"]) == levels


def test_scripts_never_write_html():
    for name, script in SCRIPTS.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script), name

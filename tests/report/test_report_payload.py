import copy
import json

import pytest
from report_rows import SEEDS, company, emoji_row, entity, many_rows, read_jsonl, seed_rows

from projner.display import COLORS
from projner.errors import ProjnerError
from projner.report.payload import MAX_ARTICLES, build_payload, label_colors


def meaning(payload, article, index):
    return payload["meanings"][payload["articles"][article]["entities"][index][4]]


def test_every_entity_of_the_seeds_keeps_its_place_and_meaning():
    rows = seed_rows()
    payload = build_payload(rows)
    assert [article["text"] for article in payload["articles"]] == [row["text"] for row in rows]
    for at, row in enumerate(rows):
        for index, item in enumerate(row["entities"]):
            start, end, label, score, *_ = payload["articles"][at]["entities"][index]
            assert (start, end, payload["labels"][label]) == (item["start"], item["end"], item["label"])
            assert score == 1.0
            (kind,) = meaning(payload, at, index)
            expected = {name: value for name, value in item[kind].items() if name != "cue"}
            assert meaning(payload, at, index)[kind] == expected


def test_the_same_meaning_is_stored_once_though_cues_differ():
    payload = build_payload(seed_rows())
    stored = [json.dumps(item, sort_keys=True) for item in payload["meanings"]]
    assert len(stored) == len(set(stored)) < 150 < sum(len(a["entities"]) for a in payload["articles"])


def test_the_cue_stands_behind_the_entity():
    row = emoji_row()
    article = build_payload([row])["articles"][0]
    start, end = article["entities"][0][5]
    assert row["text"][start:end] == "总投资"
    assert len(article["entities"][1]) == 5


def test_the_title_is_the_first_line_with_something_in_it_or_the_column():
    row = {"id": "a", "text": "\n\u3000\n  集安市:产业发展再添新动力  \n正文", "entities": []}
    assert build_payload([row])["articles"][0]["title"] == "集安市:产业发展再添新动力"
    assert build_payload([row | {"title": "另一个"}])["articles"][0]["title"] == "另一个"
    assert build_payload([row | {"title": " "}])["articles"][0]["title"] == "集安市:产业发展再添新动力"
    assert len(build_payload([row | {"text": "长" * 500}])["articles"][0]["title"]) == 60


def test_short_columns_are_passed_through_and_long_or_nested_ones_are_not():
    row = {
        "id": "a",
        "text": "x",
        "entities": [],
        "source": "通化日报",
        "body": "长" * 500,
        "tags": ["a"],
        "n": 3,
    }
    assert build_payload([row])["articles"][0]["columns"] == [["source", "通化日报"], ["n", "3"]]


def test_corpus_rows_are_read_too():
    rows = read_jsonl(SEEDS / "000_93d1be965e94c206.jsonl")
    payload = build_payload(rows)
    region = meaning(payload, 0, 0)["region"]
    assert (region["path"], region["code"]) == (["吉林省", "通化市", "集安市"], "220582")
    assert meaning(payload, 0, 2)["amount"] == {
        "low": "50000000", "high": "50000000", "currency": "CNY", "role": "threshold",
    }  # fmt: skip


def test_rows_without_text_keep_the_words_of_their_entities():
    row = emoji_row()
    del row["text"]
    article = build_payload([row])["articles"][0]
    assert article["text"] is None
    assert article["words"] == [item["text"] for item in row["entities"]]


@pytest.mark.parametrize("quantity", [[3, 9], {"start": 3, "end": 9}, {"text": "年产30万吨"}, "年产30万吨"])
def test_quantities_become_words(quantity):
    project = {"name": "二期", "start": 0, "end": 2, "quantities": [quantity]}
    row = {"id": "a", "text": "二期，年产30万吨。", "entities": [], "projects": [project]}
    assert build_payload([row])["articles"][0]["projects"][0]["quantities"] == ["年产30万吨"]


def test_labels_of_other_models_get_colours_of_their_own():
    text = "张三在通化投资"
    items = [entity(0, "张三", "PERSON"), entity(3, "通化", "REGION"), entity(5, "投资", "ACT")]
    payload = build_payload([{"id": "a", "text": text, "entities": items}])
    assert payload["labels"] == ["REGION", "COMPANY", "MONEY", "PERSON", "ACT"]
    assert payload["colors"][:3] == list(COLORS.values())
    assert len(set(payload["colors"])) == 5
    assert len(label_colors([str(number) for number in range(30)])) == 30


def test_an_index_keeps_its_meaning_where_entities_are_not_sorted():
    row = {
        "id": "a",
        "text": "甲公司和乙公司",
        "entities": [entity(4, "乙公司", "COMPANY", company=company("乙")), entity(0, "甲公司", "COMPANY")],
        "projects": [{"name": "和", "start": 3, "end": 4, "companies": [0]}],
    }
    article = build_payload([row])["articles"][0]
    assert article["entities"][article["projects"][0]["companies"][0]][:2] == [4, 7]


def broken(**changes):
    return copy.deepcopy(emoji_row()) | changes


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "x", "text": "没有标注"}, "'x'.*entities"),
        (broken(text="别的文字"), "does not fit"),
        (broken(text=3), "no 'text'"),
        (broken(entities=[entity(0, "🎉🎉", "A"), entity(1, "🎉<", "B")], projects=[]), "overlap"),
        (
            broken(projects=[{"name": "某项目", "regions": [9]}]),
            "某项目.*entities that the row does not have",
        ),
        (broken(projects=[{"name": "某项目", "amounts": {"other": [-1]}}]), "某项目"),
        (broken(projects=["某项目"]), "某项目"),
        ({"id": "x", "text": "半\ud83d个", "entities": []}, "surrogate"),
    ],
)
def test_a_row_that_is_no_tagged_row_is_named(row, words):
    with pytest.raises(ProjnerError, match=words) as caught:
        build_payload([seed_rows()[0], row])
    assert caught.value.code == "P742"
    assert "article 2" in str(caught.value)


def test_nothing_and_too_much_are_refused():
    with pytest.raises(ProjnerError, match="nothing to report"):
        build_payload([])
    rows = ({"id": str(number), "text": "", "entities": []} for number in range(MAX_ARTICLES + 1))
    with pytest.raises(ProjnerError, match="at most 5,000"):
        build_payload(rows)


def test_made_up_rows_are_sound():
    for row in many_rows(20):
        for item in row["entities"]:
            assert row["text"][item["start"] : item["end"]] == item["text"]
        for project in row["projects"]:
            assert row["text"][project["start"] : project["end"]] == project["name"]

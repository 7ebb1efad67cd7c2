"""Projects as a table."""

from __future__ import annotations

import builtins
import csv
import io
from typing import Any

import pytest

from projner.errors import ProjnerError
from projner.frame import COLUMNS, project_rows, to_frame


def region(code: str | None, *path: str) -> dict[str, Any]:
    return {
        "label": "REGION",
        "text": path[-1],
        "region": {"code": code, "name": path[-1], "path": list(path)},
    }


def money(low: str | None, high: str | None = None, currency: str = "CNY") -> dict[str, Any]:
    amount = {"low": low, "high": high or low, "currency": currency}
    return {"label": "MONEY", "text": "x", "amount": amount}


def company(name: str, id: str | None = None) -> dict[str, Any]:
    return {"label": "COMPANY", "text": name, "company": {"name": name, "short": None, "id": id}}


def document(entities: list[dict[str, Any]], **project: Any) -> dict[str, Any]:
    base = {
        "name": "冷水鱼养殖项目",
        "count": 1,
        "start": 4,
        "end": 11,
        "regions": [],
        "companies": [],
        "amounts": {},
        "quantities": [],
        "stage": None,
        "sentences": [],
    }
    return {"id": "a1", "text": "占地9亩冷水鱼养殖项目", "entities": entities, "projects": [base | project]}


def row(entities: list[dict[str, Any]], **project: Any) -> dict[str, Any]:
    (found,) = project_rows([document(entities, **project)])
    return found


def test_one_row_a_project_with_fixed_columns() -> None:
    found = row(
        [
            region("220503", "吉林省", "通化市", "二道江区", "鸭园镇"),
            company("岚桥公司", "91"),
            money("114000000"),
        ],
        regions=[0],
        companies=[1],
        amounts={"total_investment": [2]},
        quantities=[[0, 4]],
        stage="开工",
    )
    assert tuple(found) == COLUMNS
    assert (found["code"], found["province"], found["city"], found["county"]) == (
        "220503",
        "吉林省",
        "通化市",
        "二道江区",
    )
    assert found["place"] == "吉林省通化市二道江区鸭园镇"
    assert (found["company"], found["company_id"]) == ("岚桥公司", "91")
    assert (found["total_investment"], found["currency"], found["trade"]) == (114000000, "CNY", None)
    assert (found["quantities"], found["stage"], found["start"], found["end"]) == ("占地9亩", "开工", 4, 11)


@pytest.mark.parametrize(
    ("code", "path", "expected"),
    [
        ("220000", ("吉林省",), ("吉林省", None, None)),
        ("220500", ("吉林省", "通化市"), ("吉林省", "通化市", None)),
        ("310115", ("上海市", "浦东新区"), ("上海市", "上海市", "浦东新区")),
        ("429004", ("湖北省", "仙桃市"), ("湖北省", None, "仙桃市")),
        ("US", ("美国",), (None, None, None)),
        (None, ("长三角",), (None, None, None)),
    ],
)
def test_places_by_their_codes(
    code: str | None, path: tuple[str, ...], expected: tuple[str | None, ...]
) -> None:
    found = row([region(code, *path)], regions=[0])
    assert (found["province"], found["city"], found["county"]) == expected


def test_amounts_are_numbers_and_ranges_are_text() -> None:
    found = row(
        [money("300", "500"), money(None), money("0.5"), money("7", currency="USD"), money("8")],
        amounts={"total_investment": [0], "revenue": [1], "output_value": [2], "trade": [3, 4]},
    )
    assert found["total_investment"] == "300–500"
    assert found["revenue"] is None
    assert found["output_value"] == 0.5
    assert found["trade"] == 8


def test_another_currency_is_named() -> None:
    found = row([money("7", currency="USD")], amounts={"total_investment": [0]})
    assert (found["total_investment"], found["currency"]) == (7, "USD")


def test_several_places_and_companies_stand_in_one_cell() -> None:
    found = row(
        [region("220000", "吉林省"), region("210000", "辽宁省"), company("甲"), company("甲")],
        regions=[0, 1],
        companies=[2, 3],
    )
    assert (found["place"], found["company"]) == ("吉林省; 辽宁省", "甲")


def test_without_projects_or_text() -> None:
    assert list(project_rows([{"id": "b", "entities": [], "projects": []}])) == []
    bare = document([], quantities=[[0, 4]])
    del bare["text"]
    assert next(iter(project_rows([bare])))["quantities"] is None


def test_the_rows_go_through_csv() -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(project_rows([document([money("1000000000000")], amounts={"total_investment": [0]})]))
    (back,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert back["total_investment"] == "1000000000000"


def test_a_frame() -> None:
    pytest.importorskip("pandas")
    frame = to_frame([document([money("5")], amounts={"trade": [0]})])
    assert list(frame.columns) == list(COLUMNS)
    assert frame["trade"].tolist() == [5]
    assert list(to_frame([]).columns) == list(COLUMNS)
    assert to_frame([document([])], ids=["z"])["id"].tolist() == ["z"]


def test_without_pandas_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ProjnerError, match="pip install pandas"):
        to_frame([])

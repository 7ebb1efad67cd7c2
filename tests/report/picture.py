"""The picture of the report in the README: the two seed pages, tagged by the pipeline that ships.

python tests/report/picture.py        # writes docs/report.png; needs Chromium, chromedriver, selenium
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

from test_report_browser import Reader, start

from projner.report.files import report_files

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 1280, 1440


def articles(folder: Path) -> Path:
    """The articles of the two pages without their annotation."""
    path = folder / "articles.jsonl"
    rows = [
        json.loads(line)
        for page in sorted((ROOT / "corpus" / "seeds").glob("0*.jsonl"))
        for line in page.read_text(encoding="utf-8").splitlines()
    ]
    lines = [json.dumps({"id": row["id"], "text": row["text"]}, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "report.html"
        report_files([str(articles(folder))], page)
        driver = start(folder)
        try:
            reader = Reader(driver, folder).open(page)
            size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
            reader.type("#filter-place", "二道江区")
            reader.click("#rows tr:nth-child(2) button")
            reader.hover("1.14亿元")
            reader.js(
                "scrollTo({top: document.getElementById('filter-place').getBoundingClientRect().top"
                " + scrollY - 90, behavior: 'instant'})"
            )
            shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
            (ROOT / "docs" / "report.png").write_bytes(base64.b64decode(shot["data"]))
        finally:
            driver.quit()


if __name__ == "__main__":
    main()

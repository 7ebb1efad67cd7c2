"""The page in headless Chromium, used as a reader uses it. Run with --with browser."""

import base64
import csv
import io
import shutil
import time

import pytest
from report_rows import amount, company, emoji_row, entity, many_rows, seed_rows

from projner.report import write_report

pytestmark = pytest.mark.browser


def start(folder):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-dev-shm-usage",
        "window-size=1280,900",
    ):
        options.add_argument(f"--{argument}")
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # Both named: selenium would look for them in the network otherwise.
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or "chrome"
    service = webdriver.ChromeService(shutil.which("chromedriver") or "chromedriver")
    return webdriver.Chrome(options=options, service=service)


class Reader:
    """What a reader does with the page, in the words of the page."""

    def __init__(self, driver, folder):
        self.driver, self.folder = driver, folder

    def open(self, path, *, width=1280, dark=False):
        media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get_log("browser")
        self.driver.get(path.as_uri())
        assert self.js("return document.documentElement.dataset.ready === ''")
        return self

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def texts(self, selector):
        script = "return [...document.querySelectorAll(arguments[0])].map(n => n.textContent)"
        return self.js(script, selector)

    def until(self, found, what):
        end = time.monotonic() + 60
        while not found():
            assert time.monotonic() < end, what
            time.sleep(0.05)

    def click(self, selector):
        element = self.one(selector)
        self.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def type(self, selector, words):
        from selenium.webdriver.common.keys import Keys

        field = self.one(selector)
        self.js("window.before = document.getElementById('rows').firstChild")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.DELETE)
        field.send_keys(words)
        if selector.startswith("#filter"):
            moved = "return document.getElementById('rows').firstChild !== window.before"
            self.until(lambda: self.js(moved), "the table follows the filter")

    def hover(self, words):
        from selenium.webdriver import ActionChains

        marks = "[...document.querySelectorAll('#reading-text mark')]"
        mark = self.js(f"return {marks}.find(mark => mark.textContent === arguments[0])", words)
        self.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", mark)
        ActionChains(self.driver).move_to_element(mark).perform()
        self.until(
            lambda: (
                self.js("return document.querySelector('#tip:not([hidden]) strong')?.textContent") == words
            ),
            words,
        )
        return self.tip()

    def tip(self):
        return dict(zip(self.texts("#tip dt"), self.texts("#tip dd"), strict=True))

    def column(self, name):
        return [" ".join(words.split()) for words in self.texts(f"#rows td.{name}")]

    def painted(self, name):
        script = "return [...(CSS.highlights.get(arguments[0]) || [])].map(range => range.toString())"
        return self.js(script, name)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    without = emoji_row()
    del without["text"]
    sheets = {
        "seeds": seed_rows(),
        "emoji": [emoji_row(), *seed_rows()[:1]],
        "many": list(many_rows(400)),
        "without": [without],
        "empty": [{"id": "leer", "text": "", "entities": [], "projects": []}],
        "mixed": [mixed_row()],
    }
    for name, rows in sheets.items():
        write_report(rows, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in sheets}


def mixed_row():
    """Amounts of two currencies, a range, one without a value, and a label of the reader's own."""
    text = "甲公司投资3亿元至5亿元建一厂，投资200万美元建二厂，投资数百万元建三厂，张三负责。"
    amounts = {
        "3亿元至5亿元": amount("300000000", "500000000", "total_investment"),
        "200万美元": amount("2000000", "2000000", "total_investment", currency="USD"),
        "数百万元": amount(None, None, "total_investment", approximate=True),
    }
    items = [entity(0, "甲公司", "COMPANY", company=company("甲公司"))]
    items += [entity(text.index(words), words, "MONEY", amount=data) for words, data in amounts.items()]
    items.append(entity(text.index("张三"), "张三", "PERSON"))
    projects = [
        {"name": name, "count": 1, "start": text.index(name), "end": text.index(name) + 2, "companies": [0],
         "amounts": {"total_investment": [at]}}
        for at, name in enumerate(("一厂", "二厂", "三厂"), 1)
    ]  # fmt: skip
    return {"id": "m", "text": text, "entities": items, "projects": projects}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    driver = start(folder)
    yield Reader(driver, folder)
    driver.quit()


def lines_of(text):
    return [line for line in text.replace("\u2028", "\n").replace("\r", "\n").split("\n") if line.strip()]


# --- texts


def test_the_page_opens_without_errors_and_loads_nothing(reader, pages):
    for path in pages.values():
        reader.open(path)
        assert reader.driver.get_log("browser") == []
        assert reader.js("return performance.getEntriesByType('resource').map(e => e.name)") == []


def test_every_text_is_shown_as_it_is_with_every_entity_marked(reader, pages):
    for name, rows in (("seeds", seed_rows()), ("emoji", [emoji_row()])):
        reader.open(pages[name])
        for row in rows:
            assert reader.texts("#reading-text mark") == [item["text"] for item in row["entities"]], row["id"]
            assert reader.texts("#reading-text p") == lines_of(row["text"])
            if row is not rows[-1]:
                reader.click("#next-article")


def test_markup_in_an_article_stays_text(reader, pages):
    reader.open(pages["emoji"])
    assert reader.driver.title == "项目、地区、企业与金额"
    assert reader.texts("img, #reading-text script") == []
    assert "<img src=x onerror" in reader.texts("#reading-text")[0]


def test_hovering_shows_what_is_known(reader, pages):
    reader.open(pages["emoji"])
    assert reader.hover("1.14亿元") == {
        "数额": "约1.14亿元",
        "数值": "114,000,000 CNY",
        "含义": "总投资",
        "依据": "总投资",
        "项目": "🐟冷水鱼养殖基地建设项目",
    }
    assert reader.painted("cue") == ["总投资"]
    tip = reader.hover("二道江区鸭园镇")
    assert (tip["所属"], tip["代码"], tip["说明"]) == (
        "吉林省 › 通化市 › 二道江区 › 鸭园镇",
        "220503",
        "由上下文判断",
    )
    tip = reader.hover("吉林🐟渔业有限公司")
    assert (tip["全称"], tip["简称"], tip["本文提及"]) == ("吉林🐟渔业有限公司", "🐟渔业", "1次")
    tip = reader.hover("300万美元至500万美元")
    assert (tip["数额"], tip["数值"]) == ("300万美元至500万美元", "3,000,000 – 5,000,000 USD")


def test_the_keyboard_shows_the_same_and_escape_closes_it(reader, pages):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    reader.open(pages["emoji"])
    reader.js("document.querySelector('#reading-projects button').focus()")
    ActionChains(reader.driver).send_keys(Keys.TAB).perform()
    assert reader.texts("#tip strong") == ["1.14亿元"]
    assert reader.js("return document.activeElement.getAttribute('aria-describedby')") == "tip"
    assert reader.js("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    ActionChains(reader.driver).send_keys(Keys.TAB).perform()
    assert reader.texts("#tip strong") == ["二道江区鸭园镇"]
    ActionChains(reader.driver).send_keys(Keys.ESCAPE).perform()
    assert reader.js("return document.getElementById('tip').hidden")


def test_a_project_of_the_table_opens_its_place_in_the_text(reader, pages):
    row = emoji_row()
    reader.open(pages["emoji"])
    reader.click("#next-article")
    reader.click("#rows tr:first-child button")
    assert reader.painted("place") == ["🐟冷水鱼养殖基地建设项目"]
    start, end = row["projects"][0]["sentences"][0]
    assert reader.painted("sentence") == [row["text"][start:end]]
    assert reader.js("return document.getElementById('article-0').getAttribute('aria-selected')") == "true"


def test_labels_are_switched_off_and_on(reader, pages):
    reader.open(pages["emoji"])
    reader.click("[data-toggle='2']")
    assert reader.texts("#reading-text mark.plain") == ["1.14亿元", "300万美元至500万美元"]
    reader.click("[data-toggle='2']")
    assert reader.texts("#reading-text mark.plain") == []


def test_a_file_without_texts_shows_what_was_found(reader, pages):
    reader.open(pages["without"])
    assert reader.texts("#reading-text mark") == [item["text"] for item in emoji_row()["entities"]]
    assert reader.hover("1.14亿元")["含义"] == "总投资"


def test_labels_of_the_readers_own_have_a_colour_and_a_count(reader, pages):
    reader.open(pages["mixed"])
    assert "PERSON 1" in reader.texts("#legend")[0]
    color = "return getComputedStyle(document.querySelector('mark.label3')).backgroundColor"
    assert reader.js(color) not in ("rgba(0, 0, 0, 0)", "transparent")


# --- projects


def test_filters_by_place_company_kind_and_amount(reader, pages):
    reader.open(pages["seeds"])
    assert reader.one("#project-count").text == "73 / 73 条"
    reader.type("#filter-place", "鸭园镇")
    assert reader.column("name") == ["冷水鱼养殖基地建设项目"]
    reader.type("#filter-place", "220503")
    assert {words.split()[-1] for words in reader.column("place")} and len(reader.column("place")) < 10
    assert all("二道江区" in words for words in reader.column("place"))
    reader.click("#reset")
    reader.until(lambda: reader.one("#project-count").text == "73 / 73 条", "reset")
    reader.type("#filter-company", "农夫山泉")
    assert len(reader.column("company")) == 3
    assert all("农夫山泉" in words for words in reader.column("company"))
    reader.click("#reset")
    reader.until(lambda: reader.one("#project-count").text == "73 / 73 条", "reset")
    reader.type("#filter-min", "100")
    reader.type("#filter-max", "150")
    assert sorted(reader.column("amount")) == ["113.7亿元", "148亿元", "150亿元"]
    reader.js(
        "const kind = document.getElementById('filter-kind'); kind.value = 'group';"
        "kind.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    reader.until(lambda: sorted(reader.column("amount")) == ["113.7亿元", "150亿元"], "groups only")


def test_no_match_says_so(reader, pages):
    reader.open(pages["seeds"])
    reader.type("#filter-place", "海南")
    assert reader.one("#no-projects").text == "没有符合条件的项目。"
    assert not reader.one("#table").is_displayed()
    reader.open(pages["empty"])
    assert reader.one("#no-projects").text == "这些文章里没有项目记录。"


def test_sorting_both_ways_with_missing_values_last(reader, pages):
    reader.open(pages["mixed"])
    for clicks, names in ((1, ["一厂", "二厂", "三厂"]), (2, ["一厂", "二厂", "三厂"])):
        reader.click("#columns .amount button")
        # 3亿元 is CNY and stands before the dollars in either direction; the one without a value is last.
        assert reader.column("name") == names, clicks
    reader.open(pages["seeds"])
    reader.click("#columns .amount button")
    assert reader.column("amount")[:3] == ["4071亿元", "1298亿元", "467.8亿元"]
    assert reader.js("return document.querySelector('th.amount').ariaSort") == "descending"
    reader.click("#columns .amount button")
    first = reader.column("amount")[0]
    assert first and first != "4071亿元"
    assert reader.js("return document.querySelector('th.amount').ariaSort") == "ascending"
    reader.click("#next-page")
    reader.click("#next-page")
    reader.click("#next-page")
    assert reader.column("amount")[-1] == ""


def test_totals_add_single_projects_and_follow_the_filters(reader, pages):
    reader.open(pages["seeds"])
    singles = [
        (row, project) for row in seed_rows() for project in row["projects"] if project["count"] == 1
    ]  # fmt: skip
    total = sum(
        int(row["entities"][project["amounts"]["total_investment"][0]]["amount"]["low"])
        for row, project in singles
        if "total_investment" in project["amounts"]
    )
    name, figure = reader.texts("#province-bars .bar-row:first-child > :not(.track)")
    assert (name, figure) == ("吉林省", f"{total / 1e8:.2f}亿元57个项目")
    reader.click("#province-bars .below button")
    assert reader.one("#filter-place").get_attribute("value") == "通化市"
    assert all("通化市" in words for words in reader.column("place"))
    assert reader.texts("#province-bars .bar-row .name") == ["吉林省", "通化市"]


def test_sums_of_roles_count_a_value_once_an_article_and_never_add_prices(reader, pages):
    reader.open(pages["seeds"])
    rows = dict(zip(reader.texts("#role-bars .name"), reader.texts("#role-bars .figure"), strict=True))
    assert rows["门槛"] == "17次"
    seen = {
        (row["id"], item["amount"]["low"])
        for row in seed_rows()
        for item in row["entities"]
        if item.get("amount", {}).get("role") == "annual_investment"
    }
    assert rows["年度投资"].startswith(f"{sum(int(low) for _, low in seen) / 1e8:g}亿元")
    reader.click("#by-count")
    assert reader.texts("#role-bars .figure")[0].startswith("40次")


def test_other_currencies_are_summed_by_themselves(reader, pages):
    reader.open(pages["mixed"])
    assert reader.texts("#company-bars .figure") == ["3亿元至5亿元3个项目"]
    reader.js(
        "const field = document.getElementById('currency'); field.value = 'USD';"
        "field.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    assert reader.texts("#company-bars .figure") == ["200万美元3个项目"]


def download(reader):
    for path in reader.folder.iterdir():
        path.unlink()
    reader.click("#download")
    reader.until(lambda: [p for p in reader.folder.iterdir() if p.suffix == ".csv"], "download")
    (path,) = reader.folder.iterdir()
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    return path.name, list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_download_is_the_table_as_shown(reader, pages):
    reader.open(pages["seeds"])
    reader.type("#filter-place", "通化县")
    reader.click("#columns .amount button")
    name, rows = download(reader)
    assert name == "项目.csv"
    assert [row["项目"] for row in rows] == reader.texts("#rows .name button")
    assert (rows[0]["金额下限"], rows[0]["币种"], rows[0]["金额含义"]) == ("11370000000", "CNY", "总投资")
    assert (rows[0]["项目数"], rows[0]["代码"]) == ("33", "220521")


def test_download_guards_a_spreadsheet_against_formulas(reader, pages):
    reader.open(pages["emoji"])
    reader.click("#switch-language")
    name, rows = download(reader)
    assert name == "projects.csv"
    assert rows[0]["id"] == "'=emoji"
    assert rows[0]["other_amounts"] == "Financing USD 3 million–5 million"
    assert (rows[0]["as_written"], rows[0]["approximate"]) == ("1.14亿元", "yes")


# --- many articles


def test_a_long_list_holds_only_what_is_in_view(reader, pages):
    from selenium.webdriver.common.keys import Keys

    reader.open(pages["many"])
    assert reader.one("#article-count").text == "400 / 400 篇"
    assert len(reader.texts("#list .item")) < 40
    assert len(reader.texts("#rows tr")) == 20
    reader.one("#list").send_keys(Keys.END)
    reader.until(lambda: "（第400期）" in reader.texts("#list .item b")[-1], "the end of the list")
    assert reader.one("#reading-title").text == "重点项目建设情况通报（第400期）"
    assert len(reader.texts("#list .item")) < 40
    reader.type("#search", "第123期")
    reader.until(lambda: reader.one("#article-count").text == "1 / 400 篇", "search")
    assert reader.one("#reading-title").text == "重点项目建设情况通报（第123期）"
    reader.type("#search", "没有这个词")
    reader.until(lambda: reader.texts("#list .empty") == ["没有符合条件的文章。"], "nothing found")


# --- languages, light and dark, paper, phone


def test_both_languages(reader, pages):
    reader.open(pages["emoji"])
    reader.click("#switch-language")
    assert reader.js("return document.documentElement.lang") == "en"
    assert reader.texts("#columns th") == [
        "Project",
        "Place",
        "Company",
        "Amount",
        "Other amounts",
        "Stage",
        "Article",
    ]
    assert reader.column("amount")[0] == "about CNY 114 million"
    tip = reader.hover("1.14亿元")
    assert (tip["Amount"], tip["Role"], tip["Cue"]) == ("about CNY 114 million", "Total investment", "总投资")
    assert "undefined" not in reader.js("return document.body.innerText")
    reader.click("#switch-language")
    assert reader.texts("#columns th")[0] == "项目"
    assert reader.column("amount")[0] == "约1.14亿元"


CONTRAST = """
const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
const channels = (color) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const light = (c) => c.slice(0, 3).map((v) => v / 255)
  .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const color = channels(getComputedStyle(at).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255, 255];
};
const found = {};
for (const selector of arguments[0]) {
  for (const node of document.querySelectorAll(selector)) {
    const [a, b] = [light(channels(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    found[selector] = Math.min(found[selector] ?? 99, (a + 0.05) / (b + 0.05));
  }
}
return found;
"""


@pytest.mark.parametrize("dark", [False, True])
def test_everything_is_easy_to_read_in_light_and_dark(reader, pages, dark):
    reader.open(pages["mixed"], dark=dark)
    reader.hover("200万美元")
    paper = reader.js("return getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(21, 23, 27)") is dark
    selectors = [
        "mark.label0", "mark.label1", "mark.label2", "mark.label3", ".note", "#table small", "#table td", "a",
        "button.link", "#tip dt", "#tip dd", ".item small", ".choice button", ".source", "th button", "input",
    ]  # fmt: skip
    for selector, contrast in reader.js(CONTRAST, selectors).items():
        assert contrast >= 4.5, (selector, contrast)


def test_the_theme_is_chosen_by_hand(reader, pages):
    reader.open(pages["emoji"])
    background = "return getComputedStyle(document.body).backgroundColor"
    light = reader.js(background)
    reader.click("#switch-theme")
    assert reader.js(background) == light
    reader.click("#switch-theme")
    assert reader.js(background) == "rgb(21, 23, 27)"


def test_paper_holds_the_whole_table_and_all_texts(reader, pages):
    reader.open(pages["seeds"], dark=True)
    reader.js("dispatchEvent(new Event('beforeprint'))")
    assert len(reader.texts("#rows tr")) == 73
    printed = reader.texts("#print-articles mark")
    assert printed == [item["text"] for row in seed_rows() for item in row["entities"]]
    assert reader.texts("#columns button") == []
    reader.js("dispatchEvent(new Event('afterprint'))")
    assert len(reader.texts("#rows tr")) == 20
    assert len(reader.texts("#columns button")) == 7
    assert reader.texts("#print-articles article") == []
    pdf = base64.b64decode(reader.driver.print_page())
    assert pdf.startswith(b"%PDF") and len(pdf) > 100_000


def test_paper_says_what_it_leaves_out(reader, pages):
    reader.open(pages["many"])
    reader.js("dispatchEvent(new Event('beforeprint'))")
    assert reader.texts("#print-note-articles") == ["打印了前 200 篇文章，共 400 篇；可先查找再打印。"]
    reader.js("dispatchEvent(new Event('afterprint'))")


def test_a_phone_needs_no_sideways_scrolling(reader, pages):
    for name in ("seeds", "emoji", "mixed"):
        reader.open(pages[name], width=375)
        assert reader.js("return document.documentElement.scrollWidth") == 375, name
        reader.click("#switch-language")
        assert reader.js("return document.documentElement.scrollWidth") == 375, name
        reader.js("document.querySelector('#reading-text mark:last-of-type').focus()")
        box = reader.one("#tip").rect
        assert box["x"] >= 0 and box["x"] + box["width"] <= 375

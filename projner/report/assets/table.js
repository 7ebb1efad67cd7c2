// The table of projects, twenty rows a page.

const PAGE = 20;
let page = 0;

/** The amounts beside the main one, each different one once. */
const otherTexts = (record) =>
  unique(record.others.map((item) => `${nameOf("roles", item.role)} ${amountText(item.amount)}`), (words) => words);

const COLUMNS = {
  name: (record) => [
    el("button", { type: "button", class: "link", title: say("open"), onclick: () => openRecord(record) }, record.project.name || "–"),
    record.count > 1 ? el("span", { class: "tag" }, say("group", { count: whole(record.count) })) : null,
    record.project.quantities ? el("small", {}, record.project.quantities.join(say("separator"))) : null,
  ],
  place: (record) => record.regions.map((region) => el("div", {}, region.path.at(-1),
    region.path.length > 1 ? el("small", {}, region.path.slice(0, -1).join(" › ")) : null)),
  company: (record) => record.companies.map((company) => el("div", {}, company.name)),
  amount: (record) => (record.main ? [
    amountText(record.main.amount),
    record.main.role === "total_investment" ? null : el("small", {}, nameOf("roles", record.main.role)),
  ] : []),
  others: (record) => otherTexts(record).map((words) => el("div", {}, words)),
  stage: (record) => (record.project.stage ? el("span", { class: "tag" }, record.project.stage) : []),
  article: (record) => el("small", {}, record.article.title || record.article.id),
};

function drawHead() {
  fill(byId("columns"), Object.keys(COLUMNS).map((column) => el("th", {
    role: "columnheader", scope: "col", class: column,
    "aria-sort": order.column === column ? (order.down ? "descending" : "ascending") : null,
  }, el("button", { type: "button", "data-sort": column }, nameOf("columns", column)))));
}

function tableRow(record) {
  return el("tr", { role: "row" }, Object.entries(COLUMNS).map(([column, content]) => {
    const parts = [content(record)].flat();
    return el("td", { role: "cell", class: column, "data-column": nameOf("columns", column) },
      parts.length ? el("div", {}, parts) : null);
  }));
}

function drawRows(list) {
  fill(byId("rows"), list.map(tableRow));
  byId("table").hidden = !list.length;
  byId("no-projects").hidden = Boolean(list.length);
  byId("no-projects").textContent = say(records.length ? "noProjects" : "noRecords");
}

function turnTo(number) {
  const pages = Math.max(1, Math.ceil(shownRecords.length / PAGE));
  page = Math.max(0, Math.min(number, pages - 1));
  drawHead();
  drawRows(shownRecords.slice(page * PAGE, (page + 1) * PAGE));
  byId("project-count").textContent = say("projectCount", { shown: whole(shownRecords.length), all: whole(records.length) });
  byId("pager").hidden = pages === 1;
  byId("page-number").textContent = say("pageNumber", { page: whole(page + 1), pages: whole(pages) });
  byId("previous-page").disabled = page === 0;
  byId("next-page").disabled = page === pages - 1;
  byId("download").disabled = !shownRecords.length;
}

function watchTable() {
  byId("columns").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const column = button.dataset.sort;
    // Amounts are looked at from the largest down, everything else from the start.
    const firstDown = column === "amount" || column === "others";
    sortBy(column, order.column === column ? !order.down : firstDown);
    byId("columns").querySelector(`[data-sort="${column}"]`).focus();
  });
  for (const [id, by] of [["previous-page", -1], ["next-page", 1]]) {
    byId(id).addEventListener("click", () => {
      turnTo(page + by);
      byId("projects").scrollIntoView();
    });
  }
}

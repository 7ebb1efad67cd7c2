// Which project records are shown, and in which order.

const filters = { place: "", company: "", min: null, max: null, kind: "" };
const order = { column: null, down: false };
let currency = mainCurrency();
let shownRecords = records;

/** Currencies by how often they appear, the most frequent first. */
function currencies() {
  const counts = new Map();
  for (const article of report.articles) {
    for (const entity of article.entities) {
      const { amount } = meaningOf(entity);
      if (amount && amount.low != null) counts.set(amount.currency || "CNY", (counts.get(amount.currency || "CNY") || 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([code]) => code);
}

function mainCurrency() {
  return currencies()[0] || "CNY";
}

/** The amount that the table shows, in the currency chosen; a range counts where it reaches into the wanted one. */
function fitsAmount(record) {
  if (filters.min === null && filters.max === null) return true;
  if (record.low === null || record.currency !== currency) return false;
  return (filters.min === null || record.high >= filters.min) && (filters.max === null || record.low <= filters.max);
}

function fits(record) {
  return (!filters.place || record.placeKey.includes(filters.place))
    && (!filters.company || record.companyKey.includes(filters.company))
    && (!filters.kind || (filters.kind === "group") === record.count > 1)
    && fitsAmount(record);
}

const collator = new Intl.Collator("zh-CN", { numeric: true });
const SORT_KEYS = {
  name: (record) => record.project.name,
  place: (record) => (record.regions.length ? `${record.regions[0].code || "~"} ${record.regions[0].line}` : null),
  company: (record) => (record.companies.length ? record.companies[0].name : null),
  amount: (record) => record.low,
  others: (record) => (record.others.length && record.others[0].amount.low != null ? Number(record.others[0].amount.low) : null),
  stage: (record) => record.project.stage || null,
  article: (record) => record.at,
};

/** What has no value comes last in either direction; amounts of other currencies stand behind those of the chosen one. */
function sorted(list) {
  if (!order.column) return list;
  const key = SORT_KEYS[order.column];
  const sign = order.down ? -1 : 1;
  const foreign = (record) => (order.column === "amount" && record.currency !== currency ? record.currency || "~" : "");
  const keyed = list.map((record) => [key(record), foreign(record), record]);
  keyed.sort(([a, x], [b, y]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    if (x !== y) return x < y ? -1 : 1;
    return sign * (typeof a === "number" ? a - b : collator.compare(a, b));
  });
  return keyed.map(([, , record]) => record);
}

function readFilters() {
  const scale = Number(byId("filter-unit").value);
  const bound = (id) => (byId(id).value === "" ? null : Number(byId(id).value) * scale);
  Object.assign(filters, {
    place: byId("filter-place").value.trim().toLowerCase(),
    company: byId("filter-company").value.trim().toLowerCase(),
    min: bound("filter-min"), max: bound("filter-max"), kind: byId("filter-kind").value,
  });
}

function applyFilters() {
  readFilters();
  shownRecords = sorted(records.filter(fits));
  drawTotals();
  turnTo(0);
}

function drawFilterTexts() {
  const unit = byId("filter-unit");
  const kept = unit.value;
  fill(unit, texts[language].scales.map(([scale, word]) => el("option", { value: scale }, word)));
  unit.value = texts[language].scales.some(([scale]) => scale === kept) ? kept : texts[language].scales[0][0];
  fill(byId("sort"), el("option", { value: "" }, "–"), Object.keys(SORT_KEYS).flatMap((column) => ["↑", "↓"].map((arrow) =>
    el("option", { value: `${column} ${arrow}` }, `${nameOf("columns", column)} ${arrow}`))));
  byId("sort").value = order.column ? `${order.column} ${order.down ? "↓" : "↑"}` : "";
}

/** The most frequent names, as proposals for a field. */
function propose(id, names, limit = 300) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) || 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit);
  fill(byId(id), ranked.map(([name]) => el("option", { value: name })));
}

function sortBy(column, down) {
  Object.assign(order, { column, down });
  applyFilters();
  drawFilterTexts();
}

function watchFilters() {
  propose("places", records.flatMap((record) => record.regions.flatMap((region) => region.path)));
  propose("company-names", records.flatMap((record) => record.companies.map((company) => company.name)));
  const later = debounce(applyFilters);
  byId("filters").addEventListener("input", (event) => event.target.id !== "sort" && later());
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(() => {
    Object.assign(order, { column: null, down: false });
    drawFilterTexts();
    applyFilters();
  }));
  byId("sort").addEventListener("change", () => {
    const [column, arrow] = byId("sort").value.split(" ");
    sortBy(column || null, arrow === "↓");
  });
}

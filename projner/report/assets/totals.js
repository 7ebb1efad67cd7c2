// Counts and sums as bars.

const TOP = 8;
const ROLE_ROWS = 99; // there are a dozen roles: all of them are shown
const opened = new Set();
let rolesBySum = true;

/** One row of bars a thing: name, figure, share of the largest. */
function drawBars(id, label, items, pick, top = TOP) {
  const shown = opened.has(id) ? items : items.slice(0, top);
  const largest = Math.max(...items.map((item) => item.size), 0);
  const rows = shown.map((item) => {
    const bar = el("span", { class: "fill" });
    bar.style.width = `${largest > 0 ? Math.max(0, (item.size / largest) * 100) : 0}%`;
    const name = pick
      ? el("button", { type: "button", class: "link name", title: item.name, onclick: () => pick(item.name) }, item.name)
      : el("span", { class: "name" }, item.name);
    return el("div", { class: `bar-row label${label}${item.below ? " below" : ""}` }, name,
      el("span", { class: "figure" }, item.figure, el("small", {}, item.small)), el("span", { class: "track" }, item.size > 0 ? bar : null));
  });
  const rest = items.length - top;
  const more = rest > 0 ? el("button", { type: "button", class: "link", onclick: () => {
    if (!opened.delete(id)) opened.add(id);
    drawBars(id, label, items, pick, top);
  } }, opened.has(id) ? say("fewer") : say("more", { count: whole(rest) })) : null;
  fill(byId(id), rows.length ? rows : el("p", { class: "note" }, say("nothing")), more);
}

/** All amounts by role; the same value in the same role counts once an article. */
function roleTotals() {
  const totals = new Map();
  for (const article of report.articles) {
    const seen = new Set();
    for (const entity of article.entities) {
      const { amount } = meaningOf(entity);
      if (!amount || !amount.role) continue;
      const total = totals.get(amount.role) || { role: amount.role, count: 0, low: 0, high: 0 };
      totals.set(amount.role, total);
      total.count += 1;
      const key = `${amount.role} ${amount.low} ${amount.high}`;
      if (amount.low == null || (amount.currency || "CNY") !== currency || seen.has(key)) continue;
      seen.add(key);
      total.low += Number(amount.low);
      total.high += Number(amount.high);
    }
  }
  return [...totals.values()];
}

function drawRoles() {
  const items = roleTotals().map((total) => {
    const added = !NOT_ADDED.has(total.role) && total.high !== 0;
    const times = say("times", { count: whole(total.count) });
    const sum = added ? sumText(total.low, total.high, currency) : "";
    return {
      name: nameOf("roles", total.role), size: rolesBySum ? (added ? total.low : 0) : total.count,
      rank: roleRank(total.role), figure: rolesBySum ? sum : times, small: rolesBySum ? times : sum,
    };
  });
  items.sort((a, b) => b.size - a.size || a.rank - b.rank);
  drawBars("role-bars", report.labels.indexOf("MONEY"), items, null, ROLE_ROWS);
  byId("by-sum").setAttribute("aria-pressed", String(rolesBySum));
  byId("by-count").setAttribute("aria-pressed", String(!rolesBySum));
}

/** Sums of the records shown, by the names that a record belongs to. */
function sumsBy(list, namesOf) {
  const totals = new Map();
  for (const record of list) {
    const counted = record.main && record.main.role === "total_investment" && record.currency === currency && record.low !== null;
    for (const name of unique(namesOf(record), (item) => item)) {
      const total = totals.get(name) || { name, count: 0, low: 0, high: 0 };
      totals.set(name, total);
      total.count += 1;
      if (counted) {
        total.low += record.low;
        total.high += record.high;
      }
    }
  }
  return [...totals.values()]
    .sort((a, b) => b.low - a.low || b.count - a.count || collator.compare(a.name, b.name))
    .map((total) => ({
      name: total.name, size: total.low, small: say(total.count === 1 ? "projectShort" : "projectsShort", { count: whole(total.count) }),
      figure: total.high ? sumText(total.low, total.high, currency) : "",
    }));
}

/** By province; where there is but one, by the divisions right below it too. */
function sumsByPlace(list) {
  const provinces = sumsBy(list, (record) => record.regions.map((region) => region.path[0]));
  if (provinces.length !== 1) return provinces;
  const below = sumsBy(list, (record) => record.regions.flatMap((region) => region.path.slice(1, 2)));
  return [...provinces, ...below.map((item) => ({ ...item, below: true }))];
}

function pickInto(id) {
  return (name) => {
    byId(id).value = name;
    applyFilters();
    byId("projects").scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
  };
}

function drawTotals() {
  const list = filters.kind === "group" ? shownRecords : shownRecords.filter((record) => record.count === 1);
  const left = shownRecords.length - list.length;
  const note = (key) => say(key) + (left ? (language === "en" ? " " : "") + say("groupsLeftOut", { count: whole(left) }) : "");
  drawBars("province-bars", report.labels.indexOf("REGION"), sumsByPlace(list), pickInto("filter-place"));
  drawBars("company-bars", report.labels.indexOf("COMPANY"), sumsBy(list, (record) => record.companies.map((company) => company.name)), pickInto("filter-company"));
  byId("province-note").textContent = note("provinceNote");
  byId("company-note").textContent = note("companyNote");
}

function drawCounts() {
  const counts = report.labels.map(() => 0);
  for (const article of report.articles) for (const entity of article.entities) counts[entity[2]] += 1;
  const box = (name, count, label) => el("div", {},
    el("dt", { class: label === null ? null : `label${label}` }, label === null ? null : el("span", { class: "swatch" }), name), el("dd", {}, whole(count)));
  fill(byId("counts"), box(say("articles"), report.articles.length, null), box(say("projects"), records.length, null),
    counts.map((count, label) => (count || label < 3 ? box(nameOf("labels", report.labels[label]), count, label) : null)));
}

function drawCurrencies() {
  const codes = currencies();
  byId("currency-field").hidden = codes.length < 2;
  fill(byId("currency"), codes.map((code) => el("option", { value: code }, code)));
  byId("currency").value = currency;
}

function watchTotals() {
  byId("currency").addEventListener("change", () => {
    currency = byId("currency").value;
    drawRoles();
    applyFilters();
  });
  for (const [id, bySum] of [["by-sum", true], ["by-count", false]]) {
    byId(id).addEventListener("click", () => {
      rolesBySum = bySum;
      drawRoles();
    });
  }
}

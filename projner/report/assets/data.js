// The data of the page, and the project records as rows of a table.

const report = JSON.parse(byId("data").textContent);
report.articles = [...document.querySelectorAll("script.articles")].flatMap((part) => JSON.parse(part.textContent));
const ROLES = [
  "total_investment", "annual_investment", "completed_investment", "fixed_asset_investment", "output_value", "revenue",
  "profit_tax", "financing", "trade", "price", "threshold", "other",
];
const NOT_ADDED = new Set(["price", "threshold"]);

const meaningOf = (entity) => (entity[4] < 0 ? {} : report.meanings[entity[4]]);

/** The text of an entity; where the file holds no texts it has been kept by itself. */
function entityText(article, index) {
  const [start, end] = article.entities[index];
  return article.text === null ? article.words[index] : slice(article, start, end);
}

function regionOf(article, index) {
  const region = meaningOf(article.entities[index]).region || {};
  const path = region.path && region.path.length ? region.path : [region.name || entityText(article, index)];
  return { code: region.code || null, path, line: path.join("/") };
}

function companyOf(article, index) {
  const company = meaningOf(article.entities[index]).company || {};
  return { name: company.name || entityText(article, index), short: company.short || "" };
}

/** The same things once, in order. */
function unique(items, key) {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function amountsOf(article, project) {
  const known = Object.entries(project.amounts || {}).flatMap(([role, indexes]) =>
    indexes.map((index) => ({ role, index, amount: meaningOf(article.entities[index]).amount || {} })));
  return known.sort((a, b) => roleRank(a.role) - roleRank(b.role) || a.index - b.index);
}

function roleRank(role) {
  const rank = ROLES.indexOf(role);
  return rank < 0 ? ROLES.length : rank;
}

function makeRecord(article, at, project) {
  const amounts = amountsOf(article, project);
  const main = amounts.find((item) => item.role !== "threshold") || null;
  const regions = unique((project.regions || []).map((index) => regionOf(article, index)), (region) => region.line);
  const companies = unique((project.companies || []).map((index) => companyOf(article, index)), (company) => company.name);
  return {
    article, at, project, regions, companies, main,
    others: amounts.filter((item) => item !== main),
    count: project.count || 1,
    low: main && main.amount.low != null ? Number(main.amount.low) : null,
    high: main && main.amount.high != null ? Number(main.amount.high) : null,
    currency: main ? main.amount.currency || "CNY" : null,
    placeKey: regions.map((region) => `${region.code || ""} ${region.line} ${region.path.join("")}`).join("\n").toLowerCase(),
    companyKey: companies.map((company) => `${company.name}\n${company.short}`).join("\n").toLowerCase(),
  };
}

const records = report.articles.flatMap((article, at) =>
  article.projects.map((project) => makeRecord(article, at, project)));

// The list of articles. Only the rows in view are in the page, so that 5,000 cost no more than 50.

const ROW = 64;
const browse = { shown: report.articles.map((_, at) => at), selected: 0 };

/** For the search: text, title and id of an article in lower case, made when first needed. */
const haystacks = [];
function haystack(at) {
  const { id, title, text } = report.articles[at];
  haystacks[at] ??= `${id}\n${title}\n${text || ""}`.toLowerCase();
  return haystacks[at];
}

function countsOf(article) {
  const counts = new Map();
  for (const entity of article.entities) counts.set(entity[2], (counts.get(entity[2]) || 0) + 1);
  return [...counts].sort((a, b) => a[0] - b[0]);
}

function listItem(place) {
  const at = browse.shown[place];
  const article = report.articles[at];
  const counts = countsOf(article).map(([label, count]) =>
    el("span", { class: `label${label}`, title: nameOf("labels", report.labels[label]) }, el("i", { class: "swatch" }), ` ${count}`));
  const node = el("div", {
    class: "item", role: "option", id: `article-${at}`, "aria-selected": String(at === browse.selected),
    "aria-setsize": browse.shown.length, "aria-posinset": place + 1, onclick: () => select(at),
  }, el("b", {}, article.title || say("untitled")), el("small", {}, counts, el("span", {}, article.id)));
  node.style.top = `${place * ROW}px`;
  return node;
}

function drawList() {
  const list = byId("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4);
  const last = Math.min(browse.shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
  const space = byId("list-space");
  space.style.height = `${browse.shown.length * ROW}px`;
  const items = [];
  for (let place = first; place < last; place += 1) items.push(listItem(place));
  fill(space, items.length ? items : el("p", { class: "empty" }, say("noArticles")));
  const place = browse.shown.indexOf(browse.selected);
  if (place >= first && place < last) list.setAttribute("aria-activedescendant", `article-${browse.selected}`);
  else list.removeAttribute("aria-activedescendant");
  byId("article-count").textContent = say("articleCount", { shown: whole(browse.shown.length), all: whole(report.articles.length) });
  byId("previous-article").disabled = place <= 0;
  byId("next-article").disabled = place < 0 ? !browse.shown.length : place === browse.shown.length - 1;
}

function select(at) {
  browse.selected = at;
  const list = byId("list");
  const top = browse.shown.indexOf(at) * ROW;
  if (top >= 0 && (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight)) {
    list.scrollTop = Math.max(0, top - ROW);
  }
  showArticle(at);
  drawList();
}

function step(by) {
  const place = browse.shown.indexOf(browse.selected);
  const next = Math.max(0, Math.min(browse.shown.length - 1, place < 0 ? 0 : place + by));
  if (browse.shown.length) select(browse.shown[next]);
}

function searchArticles() {
  const wanted = byId("search").value.trim().toLowerCase();
  const all = report.articles.map((_, at) => at);
  browse.shown = wanted ? all.filter((at) => haystack(at).includes(wanted)) : all;
  byId("list").scrollTop = 0;
  if (browse.shown.length && !browse.shown.includes(browse.selected)) select(browse.shown[0]);
  else drawList();
}

/** From a row of the table to the place in the text. */
function openRecord(record) {
  if (!browse.shown.includes(record.at)) {
    byId("search").value = "";
    searchArticles();
  }
  select(record.at);
  showProject(record.article, record.project);
  byId("reading-title").focus({ preventScroll: true });
}

function watchBrowse() {
  const keys = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
  byId("list").addEventListener("scroll", drawList, { passive: true });
  byId("list").addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    step(keys[event.key]);
  });
  byId("search").addEventListener("input", debounce(searchArticles));
  byId("previous-article").addEventListener("click", () => step(-1));
  byId("next-article").addEventListener("click", () => step(1));
  addEventListener("resize", drawList);
}

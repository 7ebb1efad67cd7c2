// One article: its text with marks, its projects, its labels to switch on and off.

const reading = { article: null, at: -1, segments: null };
const hiddenLabels = new Set();

function sourceLine(article) {
  return [article.id, ...article.columns.map(([name, value]) => `${name}: ${value}`)].map((part) => el("span", {}, part));
}

function legendOf(article, onchange) {
  const counts = new Map();
  for (const entity of article.entities) counts.set(entity[2], (counts.get(entity[2]) || 0) + 1);
  return [...counts.keys()].sort((a, b) => a - b).map((label) =>
    el("label", { class: `label${label}` },
      el("input", { type: "checkbox", "data-toggle": label, checked: !hiddenLabels.has(label), onchange }),
      el("span", { class: "swatch" }), `${nameOf("labels", report.labels[label])} ${whole(counts.get(label))}`));
}

function toggleLabel(event) {
  const label = Number(event.target.dataset.toggle);
  if (event.target.checked) hiddenLabels.delete(label);
  else hiddenLabels.add(label);
  for (const mark of byId("reading-text").querySelectorAll(`mark.label${label}`)) paintMark(mark, label);
}

function paintMark(mark, label) {
  mark.classList.toggle("plain", hiddenLabels.has(label));
  mark.tabIndex = hiddenLabels.has(label) ? -1 : 0;
}

/** Where the file holds no text: what was found, one after the other. */
function writeEntities(article, parent) {
  parent.append(el("p", { class: "note" }, say("noText")));
  const found = article.entities.flatMap((entity, index) =>
    [el("mark", { class: `label${entity[2]}`, tabindex: "0", "data-entity": index }, entityText(article, index)), " "]);
  parent.append(el("p", {}, found));
}

function writeBody(article, parent) {
  parent.replaceChildren();
  if (article.text !== null) return writeText(article, parent);
  writeEntities(article, parent);
  return null;
}

function projectChip(article, project) {
  return el("li", {}, el("button", { type: "button", onclick: () => showProject(article, project) }, project.name));
}

function showArticle(at) {
  hideTip();
  const article = at >= 0 ? report.articles[at] : null;
  byId("reading").hidden = !article;
  if (!article) return;
  const moved = reading.at !== at;
  Object.assign(reading, { article, at });
  byId("reading-title").textContent = article.title || say("untitled");
  fill(byId("reading-source"), sourceLine(article));
  fill(byId("legend"), legendOf(article, toggleLabel));
  fill(byId("reading-projects"), article.projects.map((project) => projectChip(article, project)));
  if (!moved && article.text !== null) return;
  highlight("sentence", []);
  highlight("place", []);
  reading.segments = writeBody(article, byId("reading-text"));
  for (const mark of byId("reading-text").querySelectorAll("mark")) {
    paintMark(mark, article.entities[mark.dataset.entity][2]);
  }
}

/** Scrolls to a project of the article that is shown, and paints its name and sentences. */
function showProject(article, project) {
  if (!reading.segments || project.start == null) return;
  const ranges = (spans) => spans.map(([start, end]) => rangeOf(article, reading.segments, start, end));
  const place = ranges([[project.start, project.end]]);
  highlight("sentence", ranges(project.sentences || []));
  highlight("place", place);
  const rect = place[0].getBoundingClientRect();
  scrollTo({ top: scrollY + rect.top - innerHeight / 3, behavior: calm() ? "auto" : "smooth" });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function watchReading() {
  watchTips(byId("reading-text"), () => reading);
}

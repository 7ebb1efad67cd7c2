// On paper there is no scrolling: the whole table and the texts are written out, as far as that is sensible.

const PRINTED_PROJECTS = 2000;
const PRINTED_ARTICLES = 200;

function printedArticle(at) {
  const article = report.articles[at];
  const body = el("div", { class: "text", lang: "zh" });
  const node = el("article", {}, el("h3", {}, article.title || say("untitled")), el("p", { class: "source" }, sourceLine(article)), body);
  writeBody(article, body);
  for (const mark of body.querySelectorAll("mark")) paintMark(mark, article.entities[mark.dataset.entity][2]);
  return node;
}

function limitNote(id, key, shown, all) {
  byId(id).textContent = shown < all ? say(key, { shown: whole(shown), all: whole(all) }) : "";
}

function writeForPrint() {
  const projects = shownRecords.slice(0, PRINTED_PROJECTS);
  const articles = browse.shown.slice(0, PRINTED_ARTICLES);
  drawRows(projects);
  // A heading that holds buttons is not repeated on every sheet.
  for (const heading of byId("columns").children) heading.textContent = nameOf("columns", heading.className);
  fill(byId("print-articles"), articles.map(printedArticle));
  limitNote("print-note-projects", "printedProjects", projects.length, shownRecords.length);
  limitNote("print-note-articles", "printedArticles", articles.length, browse.shown.length);
}

function watchPrint() {
  addEventListener("beforeprint", writeForPrint);
  addEventListener("afterprint", () => {
    byId("print-articles").replaceChildren();
    turnTo(page);
  });
  byId("print").addEventListener("click", () => print());
}

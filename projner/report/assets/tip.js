// What an entity means, beside it: by pointer, by keyboard focus, by tap. Escape closes it.

const tip = byId("tip");
let tipMark = null;
let tipTimer;

function line(key, value) {
  return value === null || value === undefined || value === "" ? [] : [el("dt", {}, say(key)), el("dd", {}, value)];
}

const joined = (items) => (items || []).join(say("separator"));
const notesLine = (data) => line("note", joined((data.notes || []).map((note) => nameOf("notes", note))));

function amountLines(article, entity, amount) {
  const cue = entity[5] && article.text !== null ? slice(article, ...entity[5]) : null;
  return [
    ...line("value", amountText(amount)), ...line("exactValue", exactText(amount)),
    ...line("role", amount.role && nameOf("roles", amount.role)), ...line("cue", cue), ...notesLine(amount),
  ];
}

function regionLines(region) {
  const candidates = (region.candidates || []).map((item) => `${(item.path || []).join(" › ") || item.name} ${item.code || ""}`.trim());
  return [
    ...line("official", region.name), ...line("path", (region.path || []).join(" › ")), ...line("code", region.code),
    ...line("level", region.level && nameOf("levels", region.level)), ...line("former", region.former),
    ...line("candidates", joined(candidates)), ...notesLine(region),
  ];
}

function companyLines(article, entity, company) {
  const mentions = article.entities.filter((other) => other[4] === entity[4]).length;
  return [
    ...line("fullName", company.name), ...line("short", company.short !== company.name && company.short),
    ...line("mentions", say("times", { count: mentions })),
  ];
}

function projectLines(article, index) {
  const names = article.projects
    .filter((project) => [...(project.regions || []), ...(project.companies || []), ...Object.values(project.amounts || {}).flat()].includes(index))
    .map((project) => project.name);
  return line("project", joined(unique(names, (name) => name)));
}

function tipContent(article, index) {
  const entity = article.entities[index];
  const { amount, region, company } = meaningOf(entity);
  const lines = [
    ...(amount ? amountLines(article, entity, amount) : []), ...(region ? regionLines(region) : []),
    ...(company ? companyLines(article, entity, company) : []), ...projectLines(article, index),
  ];
  return [
    el("div", { class: "kind" }, el("span", {}, nameOf("labels", report.labels[entity[2]])),
      entity[3] === null ? null : el("span", {}, `${say("score")} ${Math.round(entity[3] * 100)} %`)),
    el("strong", {}, entityText(article, index)),
    lines.length ? el("dl", {}, lines) : el("p", { class: "note" }, say("noMeaning")),
  ];
}

function placeTip(mark) {
  const [rect] = mark.getClientRects();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(12, Math.min(rect.left, document.documentElement.clientWidth - width - 12));
  const below = rect.bottom + 8;
  const top = below + height <= innerHeight || rect.top - height - 8 < 60 ? below : rect.top - height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

function showTip(mark, article, segments) {
  clearTimeout(tipTimer);
  if (mark === tipMark) return;
  hideTip();
  const index = Number(mark.dataset.entity);
  tipMark = mark;
  tip.className = `label${article.entities[index][2]}`;
  fill(tip, tipContent(article, index));
  tip.hidden = false;
  placeTip(mark);
  mark.setAttribute("aria-describedby", "tip");
  const cue = article.entities[index][5];
  if (cue && segments) highlight("cue", [rangeOf(article, segments, ...cue)]);
}

function hideTip() {
  clearTimeout(tipTimer);
  if (tipMark) tipMark.removeAttribute("aria-describedby");
  tipMark = null;
  tip.hidden = true;
  highlight("cue", []);
}

/** A short wait lets the pointer reach the tip itself. */
function hideTipSoon() {
  clearTimeout(tipTimer);
  tipTimer = setTimeout(hideTip, 160);
}

function watchTips(pane, current) {
  const markOf = (event) => (event.target instanceof Element ? event.target.closest("mark") : null);
  const show = (event) => {
    const mark = markOf(event);
    if (mark) showTip(mark, current().article, current().segments);
  };
  pane.addEventListener("pointerover", show);
  pane.addEventListener("focusin", show);
  pane.addEventListener("click", show);
  pane.addEventListener("pointerout", (event) => markOf(event) && event.pointerType === "mouse" && hideTipSoon());
  pane.addEventListener("focusout", hideTipSoon);
  tip.addEventListener("pointerenter", () => clearTimeout(tipTimer));
  tip.addEventListener("pointerleave", hideTipSoon);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
  document.addEventListener("pointerdown", (event) => !tip.contains(event.target) && !markOf(event) && hideTip());
  addEventListener("scroll", () => tipMark && placeTip(tipMark), { passive: true });
  addEventListener("resize", hideTip);
}

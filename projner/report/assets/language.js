// Chinese and English of everything that the page itself says.

const texts = JSON.parse(byId("texts").textContent);
let language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** A text of the page; {names} are filled from the values. */
function say(key, values = {}) {
  return texts[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The name of something out of a list of codes; codes that are not known are shown as they are. */
const nameOf = (list, code) => texts[language][list][code] || code;

const locale = () => (language === "zh" ? "zh-CN" : "en");
const whole = (number) => number.toLocaleString(locale());

function translatePage() {
  document.documentElement.lang = locale();
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = say(node.dataset.hint);
  document.title = byId("title").textContent = report.title || say("title");
  byId("switch-language").textContent = say("otherLanguage");
  byId("switch-language").lang = language === "zh" ? "en" : "zh-CN";
}

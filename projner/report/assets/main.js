const THEMES = ["auto", "light", "dark"];
let theme = "auto";

function drawTheme() {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("switch-theme").textContent = nameOf("theme", theme);
}

function drawAll() {
  translatePage();
  drawTheme();
  drawCounts();
  drawCurrencies();
  drawRoles();
  drawFilterTexts();
  applyFilters();
  showArticle(browse.selected);
  drawList();
}

byId("switch-language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  drawAll();
});
byId("switch-theme").addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  drawTheme();
});
watchReading();
watchBrowse();
watchFilters();
watchTable();
watchTotals();
watchDownload();
watchPrint();
drawAll();
document.documentElement.dataset.ready = "";

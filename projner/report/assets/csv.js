// The table as it is shown (filtered, sorted) for a spreadsheet: UTF-8 with a byte order mark, CRLF.

/** Words out of an article must not be run as a formula: a leading = + - @ gets an apostrophe in front. */
const plainWords = (words) => (/^[=+\-@\t\r]/.test(words) ? `'${words}` : words);
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function csvRow(record) {
  const { article, project, main } = record;
  const amount = main ? main.amount : {};
  const all = (items) => items.join("; ");
  return [
    plainWords(article.id), plainWords(article.title), plainWords(project.name || ""), String(record.count),
    plainWords(all(record.regions.map((region) => region.line))), all(record.regions.map((region) => region.code || "")),
    plainWords(all(record.companies.map((company) => company.name))),
    main ? nameOf("roles", main.role) : "", amount.low ?? "", amount.high ?? "", main ? record.currency : "",
    amount.bound ? nameOf("bounds", amount.bound) : "", amount.approximate ? say("yes") : "",
    main ? plainWords(entityText(article, main.index)) : "",
    plainWords(all(otherTexts(record))),
    plainWords(all(project.quantities || [])), project.stage || "",
  ];
}

function csvText(list) {
  const rows = [texts[language].csvColumns, ...list.map(csvRow)];
  return `\ufeff${rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("")}`;
}

function watchDownload() {
  byId("download").addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([csvText(shownRecords)], { type: "text/csv;charset=utf-8" }));
    const link = el("a", { href: url, download: say("csvName") });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });
}

// Offsets in the data count code points, JavaScript strings count UTF-16 units: an emoji or a rare character is one
// code point and two units. Everything that cuts a text goes through here.

const indexes = new WeakMap();

/** Where the characters of two units stand, in code points, ascending. */
function widePoints(article) {
  let points = indexes.get(article);
  if (!points) {
    points = [];
    for (const match of article.text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) points.push(match.index - points.length);
    indexes.set(article, points);
  }
  return points;
}

/** The unit at which a code point starts. */
function unitAt(article, point) {
  const wide = widePoints(article);
  let low = 0;
  let high = wide.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wide[middle] < point) low = middle + 1;
    else high = middle;
  }
  return point + low;
}

const slice = (article, start, end) => article.text.slice(unitAt(article, start), unitAt(article, end));

/** Lines with something in them as [start, end] in units. */
function linesOf(text) {
  const lines = [];
  for (const match of text.matchAll(/[^\r\n\u2028\u2029]+/g)) {
    if (match[0].trim()) lines.push([match.index, match.index + match[0].length]);
  }
  return lines;
}

/** Writes the text with its marks into a node; gives back where each text node starts, in units. */
function writeText(article, parent) {
  const marks = article.entities
    .map((entity, index) => ({ index, label: entity[2], start: unitAt(article, entity[0]), end: unitAt(article, entity[1]) }))
    .sort((a, b) => a.start - b.start);
  const segments = [];
  const write = (node, start, end) => {
    const leaf = document.createTextNode(article.text.slice(start, end));
    segments.push([start, leaf]);
    node.append(leaf);
  };
  let first = 0;
  for (const [start, end] of linesOf(article.text)) {
    const line = el("p");
    let at = start;
    while (first < marks.length && marks[first].end <= start) first += 1;
    for (let next = first; next < marks.length && marks[next].start < end; next += 1) {
      const mark = marks[next];
      const from = Math.max(mark.start, at);
      const to = Math.min(mark.end, end);
      if (from > at) write(line, at, from);
      const node = el("mark", { class: `label${mark.label}`, tabindex: "0", "data-entity": mark.index });
      write(node, from, to);
      line.append(node);
      at = to;
    }
    if (at < end) write(line, at, end);
    parent.append(line);
  }
  return segments;
}

/** A DOM range from one code point to another. */
function rangeOf(article, segments, start, end) {
  const find = (unit) => {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle][0] <= unit) low = middle;
      else high = middle - 1;
    }
    const [from, node] = segments[low];
    return [node, Math.max(0, Math.min(unit - from, node.length))];
  };
  const range = new Range();
  range.setStart(...find(unitAt(article, start)));
  const [last, length] = find(unitAt(article, end) - 1);
  range.setEnd(last, Math.min(length + 1, last.length));
  return range;
}

/** Paints ranges without touching the text; browsers without highlights show the text plain. */
function highlight(name, ranges) {
  if (!globalThis.CSS || !CSS.highlights) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}

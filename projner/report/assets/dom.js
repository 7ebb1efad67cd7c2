// Elements are made from text nodes only: nothing that came from an article is ever parsed as HTML.

const byId = (id) => document.getElementById(id);

/** An element; properties that start with "on" are listeners, the others attributes; strings become text nodes. */
function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/** Calls late: once the calls have paused for some milliseconds. */
function debounce(call, pause = 140) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(call, pause);
  };
}

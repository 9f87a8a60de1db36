// Searches as people type. Without this file the form and its links do the same.

const WAIT = 180; // milliseconds after the last key
const form = document.querySelector("form.search");
const box = form.querySelector("input[type=search]");
const results = document.getElementById("results");
const status = document.getElementById("count");
let timer = 0;
let asking = null;
let shown = address();

/** The address of what the form asks for; empty fields are left out. */
function address() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && !(name === "sort" && value === "relevance")) asked.set(name, value);
  }
  const text = asked.toString();
  return form.action + (text ? `?${text}` : "");
}

async function search({ push = false } = {}) {
  clearTimeout(timer);
  const wanted = address();
  if (wanted === shown) return;
  asking?.abort();
  asking = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(wanted, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById("results");
    status.textContent = (page.getElementById("count") ?? page.querySelector("main")).textContent.trim();
    results.replaceChildren(...(found ? found.childNodes : []));
    document.title = page.title;
    history[push ? "pushState" : "replaceState"](null, "", wanted);
    shown = wanted;
    results.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") location.assign(wanted);
  }
}

form.addEventListener("input", (event) => {
  if (event.isComposing) return; // an input method is not done with its characters
  clearTimeout(timer);
  timer = setTimeout(search, WAIT);
});
form.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(search, WAIT);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search({ push: true });
});
addEventListener("popstate", () => location.reload());

addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const hits = [...results.querySelectorAll(".hits > li > a")];
  const at = hits.indexOf(document.activeElement);
  const is_box = document.activeElement === box;
  if (at < 0 && !is_box) return;
  if (event.key === "ArrowDown") (hits[at + 1] ?? hits[at])?.focus();
  else if (event.key === "ArrowUp" && at >= 0) (hits[at - 1] ?? box).focus();
  else if (event.key === "Escape" && at >= 0) box.focus();
  else return;
  event.preventDefault();
});

// The search and the trends of a static site: fills the page as the reading room would, from files.

import { Index } from "./site-index.js";

const root = new URL("../", import.meta.url);
const language = document.documentElement.lang === "en" ? "en" : "zh";
const folder = new URL("search/", root);
const MOST_FACETS = 12;
const MOST_TERMS = 5;
const PAGE = 20;
const KNOWN = ["q", "section", "source", "status", "place", "since", "until", "column", "sort", "edited", "versions", "then", "by", "share", "offset"];
const SVG = "http://www.w3.org/2000/svg";

const form = document.querySelector("main form");
const query = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => KNOWN.includes(name)));

function made(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

const count = (value) => value.toLocaleString("en");
const marked = (some) => some.map(([text, isWord]) => (isWord ? made("mark", {}, text) : text));
const separated = (some) => some.flatMap((each, n) => (n ? [" · ", each] : [each]));

function address(page, values) {
  const given = Object.entries(values).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  return `${page}?${new URLSearchParams(given)}`;
}

// Fills the form from the address, and takes away what only a server can do.
function fill() {
  for (const field of form.elements) {
    if (!field.name) continue;
    if (!KNOWN.includes(field.name)) (field.closest("label") || field).remove();
    else if (field.type === "checkbox" || field.type === "radio") field.checked = query[field.name] === field.value;
    else field.value = query[field.name] ?? field.value;
  }
  for (const each of form.querySelectorAll("details")) each.open = KNOWN.some((name) => !["q", "offset"].includes(name) && query[name]);
}

function place() {
  const found = made("div", { "aria-busy": "true" });
  while (form.nextSibling) form.nextSibling.remove();
  form.after(found);
  return found;
}

async function search(found, words, index) {
  const offset = Math.max(0, Number.parseInt(query.offset ?? "0", 10) || 0);
  const result = await index.search(query, PAGE, offset);
  const text = (name, value) => words[name].replace("{0}", value);
  const order = words[result.sort === "date" ? "newest-first" : "relevance"];
  const ofVersions = query.versions || query.then;
  const status = made("p", { role: "status" }, `${text(ofVersions ? "hits-versions" : "hits", count(result.total))} · ${order}`);
  const hits = result.hits.map((hit) => {
    const file = ofVersions && !hit.isNewest ? `articles/${hit.id}.version-${hit.version}.html` : `articles/${hit.id}.html`;
    const facts = [made("time", {}, hit.date ?? words["no-date"]), hit.section, hit.source, hit.status === "live" ? null : words[hit.status], ofVersions ? text("version-of", hit.version) : null];
    return made("li", {}, made("a", { href: file, lang: "zh-CN" }, ...marked(hit.marked_title)), made("p", { lang: "zh-CN" }, ...marked(hit.snippet)), made("p", { class: "dim" }, ...separated(facts.filter(Boolean))));
  });
  const list = made("ol", { class: "hits", start: offset + 1 }, ...hits);
  const pages = made("nav", { class: "beside", "aria-label": words.search });
  if (offset) pages.append(made("a", { rel: "prev", href: address("search.html", { ...query, offset: Math.max(0, offset - PAGE) || "" }) }, words.previous));
  if (offset + PAGE < result.total) pages.append(made("a", { rel: "next", href: address("search.html", { ...query, offset: offset + PAGE }) }, words.next));
  const aside = made("aside");
  const { counts } = result;
  const facets = [
    ["section", "section", counts.section],
    ["years", "year", [...counts.year].reverse()],
    ["status", "status", counts.status, words],
    ["edits", "edited", [["1", counts.edited]], { 1: words["only-edited"] }],
    ["sources", "source", counts.source_name],
  ];
  for (const [heading, key, rows, names] of facets) {
    const known = rows.filter(([value, number]) => value && number);
    const shown = key === "year" ? known : known.slice(0, MOST_FACETS);
    if (!shown.length) continue;
    const items = shown.map(([value, number]) => {
      const narrowed = key === "year" ? { since: value, until: value } : { [key]: value };
      return made("li", {}, made("a", { href: address("search.html", { ...query, ...narrowed, offset: "" }), lang: names ? undefined : "zh-CN" }, names ? names[value] : value), " ", made("span", { class: "dim" }, count(number)));
    });
    aside.append(made("h2", {}, words[heading]), made("ul", { class: "facet" }, ...items));
    if (known.length > shown.length) aside.append(made("p", { class: "dim" }, text("more", count(known.length - shown.length))));
  }
  const chosen = ["section", "source", "place", "status", "since", "until", "edited", "versions", "then"].filter((name) => query[name]).map((name) => {
    const value = { status: words[query.status], edited: words["only-edited"], versions: words["versions-too"], then: words["said-then"] }[name] ?? query[name];
    const before = name === "since" || name === "until" ? `${words[name]} ` : "";
    return made("li", {}, made("a", { href: address("search.html", { ...query, [name]: "", offset: "" }) }, before, value, made("span", { class: "dim", "aria-hidden": "true" }, "×"), made("span", { class: "unseen" }, ` ${words.remove}`)));
  });
  const narrowed = chosen.length ? [made("ul", { class: "chosen", "aria-label": words.narrow }, ...chosen)] : [];
  const nothing = hits.length ? [list] : [made("p", {}, words["found-nothing"])];
  found.replaceChildren(status, made("div", { class: "found" }, made("div", {}, ...narrowed, ...nothing, pages), aside));
}

function drawn(tag, attributes, ...content) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

// found: the address of what a query finds in a period.
function chart(points, queries, isShare, found) {
  const [width, height, left, bottom] = [800, 320, 60, 40];
  const value = (point, n) => (point.isGap ? null : isShare ? point.counts[n] / point.articles : point.counts[n]);
  const dated = points.filter((point) => point.period);
  const most = Math.max(...dated.flatMap((point) => queries.map((_, n) => value(point, n))), isShare ? 0.0001 : 1);
  const x = (n) => left + (n * (width - left - 20)) / Math.max(1, dated.length - 1);
  const y = (amount) => height - bottom - (amount * (height - bottom - 20)) / most;
  const shown = (amount) => (isShare ? `${(amount * 100).toFixed(1)} %` : count(Math.round(amount)));
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}` });
  const marks = most < 2 && !isShare ? [0, 1] : [0, 0.5, 1]; // counts are whole
  const scale = drawn("g", { class: "axis y" });
  for (const part of marks) {
    scale.append(drawn("path", { class: "guide", d: `M${left} ${y(most * part)}H${width - 20}` }), drawn("text", { x: left - 8, y: y(most * part) + 4 }, shown(most * part)));
  }
  const times = drawn("g", { class: "axis x" });
  const every = Math.ceil(dated.length / 12);
  dated.forEach((point, n) => {
    if (n % every === 0) times.append(drawn("text", { x: x(n), y: height - bottom + 20 }, point.period));
  });
  picture.append(scale, times);
  queries.forEach((each, n) => {
    const series = drawn("g", { class: `series serie-${n} color-${n}` });
    let [path, isOn] = ["", false];
    dated.forEach((point, at) => {
      const amount = value(point, n);
      if (amount !== null) path += `${isOn ? "L" : "M"}${x(at)} ${y(amount)}`;
      isOn = amount !== null;
    });
    series.append(drawn("path", { class: "line", d: path }));
    dated.forEach((point, at) => {
      const amount = value(point, n);
      if (amount === null) return;
      const dot = drawn("circle", { class: "dot", cx: x(at), cy: y(amount), r: 3 });
      if (!point.counts[n]) return series.append(dot);
      const name = `${each} ${point.period}: ${isShare ? `${(amount * 100).toFixed(1)}%` : count(amount)}`;
      series.append(drawn("a", { href: found(each, point.period), "aria-label": name }, drawn("title", {}, name), dot));
    });
    picture.append(series);
  });
  const key = made("ul", { class: "tags chart" }, ...queries.map((each, n) => {
    const line = drawn("svg", { class: "key", viewBox: "0 0 40 10", "aria-hidden": "true" }, drawn("g", { class: `series serie-${n} color-${n}` }, drawn("path", { class: "line", d: "M0 5H40" })));
    return made("li", { lang: "zh-CN" }, line, " ", each);
  }));
  return [made("div", { class: "scroll chart", tabindex: 0, role: "group", "aria-label": queries.join(" / ") }, picture), key];
}

async function trend(found, words, index) {
  const queries = [...new Set((query.q ?? "").split(/[\r\n]+/u).map((each) => each.trim()).filter(Boolean))].slice(0, MOST_TERMS);
  if (!queries.length) {
    found.replaceChildren();
    return;
  }
  const behind = (q, period) => address("search.html", { q, since: period, until: period, sort: "date", section: query.section });
  const points = await index.trend(queries, query.by === "month" ? "month" : "year", query.section ?? "");
  const isShare = query.share === "1";
  const hasMissing = points.some((point) => point.notHeld);
  const head = made("tr", {}, made("th", {}, words.period), made("th", { class: "n" }, words.articles));
  if (hasMissing) head.append(made("th", { class: "n" }, words["not-held"]));
  for (const each of queries) {
    head.append(made("th", { class: "n", lang: "zh-CN" }, each));
    if (isShare) head.append(made("th", { class: "n" }, words.share));
  }
  const rows = points.map((point) => {
    const row = made("tr", {}, made("td", {}, point.period || words["no-date"]), made("td", { class: "n" }, count(point.articles)));
    if (hasMissing) row.append(made("td", { class: "n" }, count(point.notHeld)));
    queries.forEach((each, n) => {
      const number = !point.articles ? "–" : count(point.counts[n]);
      const link = point.counts[n] && point.period ? made("a", { href: behind(each, point.period) }, number) : number;
      row.append(made("td", { class: "n" }, link));
      if (isShare) row.append(made("td", { class: "n" }, point.articles ? `${((point.counts[n] / point.articles) * 100).toFixed(2)} %` : "–"));
    });
    return row;
  });
  const table = made("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": words.table }, made("table", {}, head, ...rows));
  const hint = made("p", { class: "dim" }, words["trend-points"], " ", words["trend-gaps"]);
  found.replaceChildren(...chart(points, queries, isShare, behind), hint, table);
}

async function show() {
  fill();
  const found = place();
  const opening = Index.open(folder);
  opening.catch(() => {}); // where it is awaited, the reader is told
  const words = (await (await fetch(new URL("phrases.json", folder))).json())[language];
  try {
    await (form.querySelector("textarea") ? trend : search)(found, words, await opening);
  } catch (error) {
    found.replaceChildren(made("p", { class: "notice", role: "status" }, words.error));
    throw error;
  } finally {
    found.removeAttribute("aria-busy");
  }
}

show();

// The search and the trends of a static site: fills the page as the reading room would, from files.

import { Index } from "./site-index.js";

const root = new URL("../", import.meta.url);
const language = document.documentElement.lang === "en" ? "en" : "zh";
const folder = new URL("search/", root);
const MOST_FACETS = 12;
const MOST_TERMS = 5;
const PAGE = 20;
const KNOWN = ["q", "section", "source", "status", "since", "until", "column", "sort", "versions", "by", "share", "offset"];
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

async function search(found, words) {
  const index = await Index.open(folder);
  const offset = Math.max(0, Number.parseInt(query.offset ?? "0", 10) || 0);
  const result = await index.search(query, PAGE, offset);
  const text = (name, value) => words[name].replace("{0}", value);
  const order = words[result.sort === "date" ? "newest-first" : "relevance"];
  const status = made("p", { role: "status" }, `${text(query.versions ? "hits-versions" : "hits", count(result.total))} · ${order}`);
  const hits = result.hits.map((hit) => {
    const file = query.versions ? `articles/${hit.id}.version-${hit.version}.html` : `articles/${hit.id}.html`;
    const facts = [made("time", {}, hit.date ?? words["no-date"]), hit.section, hit.source, hit.status === "live" ? null : words[hit.status], query.versions ? text("version-of", hit.version) : null];
    return made("li", {}, made("a", { href: file, lang: "zh-CN" }, ...marked(hit.marked_title)), made("p", { lang: "zh-CN" }, ...marked(hit.snippet)), made("p", { class: "dim" }, ...separated(facts.filter(Boolean))));
  });
  const list = made("ol", { class: "hits", start: offset + 1 }, ...hits);
  const pages = made("nav", { class: "beside", "aria-label": words.search });
  if (offset) pages.append(made("a", { rel: "prev", href: address("search.html", { ...query, offset: Math.max(0, offset - PAGE) || "" }) }, words.previous));
  if (offset + PAGE < result.total) pages.append(made("a", { rel: "next", href: address("search.html", { ...query, offset: offset + PAGE }) }, words.next));
  const aside = made("aside");
  for (const [heading, key, rows] of [["section", "section", result.counts.section], ["years", "year", result.counts.year], ["sources", "source", result.counts.source]]) {
    const shown = rows.filter(([value]) => value).slice(0, MOST_FACETS);
    if (!shown.length) continue;
    const items = shown.map(([value, number]) => {
      const narrowed = key === "year" ? { since: value, until: value } : { [key]: value };
      return made("li", {}, made("a", { href: address("search.html", { ...query, ...narrowed, offset: "" }) }, value), " ", made("span", { class: "dim" }, count(number)));
    });
    aside.append(made("h2", {}, words[heading]), made("ul", {}, ...items));
  }
  found.replaceChildren(status, made("div", { class: "found" }, made("div", {}, list, pages), aside));
}

function drawn(tag, attributes, ...content) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

function chart(points, queries, isShare) {
  const [width, height, left, bottom] = [800, 320, 60, 40];
  const value = (point, n) => (isShare ? (point.articles ? point.counts[n] / point.articles : 0) : point.counts[n]);
  const dated = points.filter((point) => point.period);
  const most = Math.max(...dated.flatMap((point) => queries.map((_, n) => value(point, n))), isShare ? 0.0001 : 1);
  const x = (n) => left + (n * (width - left - 20)) / Math.max(1, dated.length - 1);
  const y = (amount) => height - bottom - (amount * (height - bottom - 20)) / most;
  const shown = (amount) => (isShare ? `${(amount * 100).toFixed(1)} %` : count(Math.round(amount)));
  const picture = drawn("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": queries.join(" / "), fill: "none", "font-size": 12 });
  for (const part of [0, 0.5, 1]) {
    picture.append(drawn("line", { x1: left, x2: width - 20, y1: y(most * part), y2: y(most * part), stroke: "currentColor", "stroke-opacity": 0.2 }), drawn("text", { x: left - 8, y: y(most * part) + 4, "text-anchor": "end", fill: "currentColor" }, shown(most * part)));
  }
  const every = Math.ceil(dated.length / 12);
  dated.forEach((point, n) => {
    if (n % every === 0) picture.append(drawn("text", { x: x(n), y: height - bottom + 20, "text-anchor": "middle", fill: "currentColor" }, point.period));
  });
  const dashes = ["", "8 4", "2 3", "12 3 2 3", "1 6"];
  queries.forEach((_, n) => {
    picture.append(drawn("polyline", { points: dated.map((point, at) => `${x(at)},${y(value(point, n))}`).join(" "), stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": dashes[n] }));
    for (const [at, point] of dated.entries()) picture.append(drawn("circle", { cx: x(at), cy: y(value(point, n)), r: 3, fill: "currentColor" }));
  });
  const key = made("ul", { class: "tags" }, ...queries.map((each, n) => {
    const line = drawn("svg", { width: 40, height: 10, "aria-hidden": "true" }, drawn("line", { x1: 0, x2: 40, y1: 5, y2: 5, stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": dashes[n] }));
    return made("li", { lang: "zh-CN" }, line, " ", each);
  }));
  return [made("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": queries.join(" / ") }, picture), key];
}

async function trend(found, words) {
  const queries = [...new Set((query.q ?? "").split(/[\r\n]+/u).map((each) => each.trim()).filter(Boolean))].slice(0, MOST_TERMS);
  if (!queries.length) {
    found.replaceChildren();
    return;
  }
  const index = await Index.open(folder);
  const points = await index.trend(queries, query.by === "month" ? "month" : "year", query.section ?? "");
  const isShare = query.share === "1";
  const head = made("tr", {}, made("th", {}, words.period), made("th", { class: "n" }, words.articles));
  for (const each of queries) {
    head.append(made("th", { class: "n", lang: "zh-CN" }, each));
    if (isShare) head.append(made("th", { class: "n" }, words.share));
  }
  const rows = points.map((point) => {
    const row = made("tr", {}, made("td", {}, point.period || words["no-date"]), made("td", { class: "n" }, count(point.articles)));
    queries.forEach((each, n) => {
      const year = point.period.slice(0, 4);
      const number = count(point.counts[n]);
      const link = point.counts[n] && year ? made("a", { href: address("search.html", { q: each, since: year, until: year, sort: "date", section: query.section }) }, number) : number;
      row.append(made("td", { class: "n" }, link));
      if (isShare) row.append(made("td", { class: "n" }, point.articles ? `${((point.counts[n] / point.articles) * 100).toFixed(2)} %` : "–"));
    });
    return row;
  });
  const table = made("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": words.table }, made("table", {}, head, ...rows));
  found.replaceChildren(...chart(points, queries, isShare), table);
}

async function show() {
  fill();
  const found = place();
  const words = (await (await fetch(new URL("phrases.json", folder))).json())[language];
  try {
    await (form.querySelector("textarea") ? trend : search)(found, words);
  } catch (error) {
    found.replaceChildren(made("p", { class: "notice", role: "status" }, words.error));
    throw error;
  } finally {
    found.removeAttribute("aria-busy");
  }
}

show();

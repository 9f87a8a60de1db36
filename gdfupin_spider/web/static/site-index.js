// Searches the files that `gdfupin site` writes (search/index_files.py), without a server: what `gdfupin search` finds, in its order.

const decoder = new TextDecoder();
const SPACE = " \t\n\r\u00a0\u3000";
const LENGTH = 120;
const BEFORE = 30;

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  const unpacked = response.body.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

class Numbers {
  constructor(content, at = 0) {
    this.content = content;
    this.at = at;
  }

  next() {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.content[this.at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }
}

function compare(one, other) {
  const [left, right] = [[...one], [...other]];
  for (let n = 0; n < Math.min(left.length, right.length); n += 1) {
    const step = left[n].codePointAt(0) - right[n].codePointAt(0);
    if (step) return step;
  }
  return left.length - right.length;
}

// Words, "phrases", -word and OR: see search/query_text.py.
export function parse(text, fold) {
  const part = new RegExp(`(-(?=[^${SPACE}]))?(?:"([^"]*)(?:"|$)|([^${SPACE}]+))`, "gu");
  const parts = [...text.matchAll(part)].filter((found) => found[2] !== "");
  const clauses = [];
  let joins = false;
  parts.forEach((found, number) => {
    if (found[0] === "OR" && clauses.length && !joins && number + 1 < parts.length) {
      joins = true;
      return;
    }
    const term = { text: fold(found[2] || found[3]), excluded: Boolean(found[1]) };
    if (joins) clauses.at(-1).push(term);
    else clauses.push([term]);
    joins = false;
  });
  return clauses;
}

export class Index {
  static async open(folder) {
    const [about, folds, members] = await Promise.all([
      fetch(new URL("index.json", folder)).then((response) => response.json()),
      bytes(new URL("fold.bin", folder)),
      bytes(new URL("members.bin", folder)),
    ]);
    return new Index(folder, about, new Map(JSON.parse(decoder.decode(folds))), members);
  }

  constructor(folder, about, folds, members) {
    this.folder = folder;
    this.about = about;
    this.folds = folds;
    this.fold = (text) => [...text].map((each) => folds.get(each) ?? each).join("");
    this.facet = new Uint32Array(about.versions + 1);
    this.place = new Uint32Array(about.versions + 1);
    this.day = new Uint8Array(about.versions + 1);
    this.newestOf = new Uint32Array(about.versions + 1);
    const numbers = new Numbers(members);
    for (let n = 1; n <= about.versions; n += 1) {
      this.facet[n] = numbers.next();
      this.place[n] = numbers.next();
      this.day[n] = numbers.next();
      this.newestOf[n] = numbers.next();
    }
    this.files = new Map();
  }

  file(name) {
    if (!this.files.has(name)) this.files.set(name, bytes(new URL(name, this.folder)));
    return this.files.get(name);
  }

  // A single character, or as few pairs of characters as cover the word; of each its place in it. Pairs overlap in the index, so that those
  // between are implied: half as many files are fetched.
  tokens(word) {
    const form = [...word].map((each) => (/^[\x00-\x7f]$/.test(each) && !/[a-z0-9]/.test(each) ? String.fromCodePoint(0x10ff00 + each.codePointAt(0)) : each));
    if (form.length === 1) return [{ token: form[0], at: 0 }];
    const places = Array.from({ length: Math.ceil(form.length / 2) }, (_, n) => Math.min(2 * n, form.length - 2));
    return places.map((at) => ({ token: form[at] + form[at + 1], at }));
  }

  // {versions, titles, bodies, starts, positions}: parallel arrays but for the last one, in which the positions of a version begin at its
  // start: those of the title, then those of the body.
  async posting(token, withPositions) {
    const { words } = this.about;
    let [low, high] = [0, words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(words[middle], token) <= 0) low = middle + 1;
      else high = middle;
    }
    const shard = low - 1;
    const none = { versions: [], titles: [], bodies: [], starts: [], positions: [] };
    if (shard < 0) return none;
    const [content, places] = await Promise.all([
      this.file(`words/${shard}.bin`),
      withPositions ? this.file(`places/${shard}.bin`) : null,
    ]);
    const numbers = new Numbers(content);
    const located = places ? new Numbers(places) : null;
    while (numbers.at < content.length) {
      const length = numbers.next();
      const name = decoder.decode(content.subarray(numbers.at, numbers.at + length));
      numbers.at += length;
      const size = numbers.next();
      const positionSize = located ? located.next() : 0;
      if (name === token) return this.read(numbers, numbers.at + size, located);
      numbers.at += size;
      if (located) located.at += positionSize;
    }
    return none;
  }

  read(numbers, end, located) {
    const found = { versions: [], titles: [], bodies: [], starts: [], positions: [] };
    let version = 0;
    while (numbers.at < end) {
      const coded = numbers.next();
      version += Math.floor(coded / 2);
      const title = coded % 2 ? numbers.next() : 0;
      const body = coded % 2 ? numbers.next() : 1;
      found.versions.push(version);
      found.titles.push(title);
      found.bodies.push(body);
      if (!located) continue;
      found.starts.push(found.positions.length);
      for (const count of [title, body]) {
        for (let [left, last] = [count, 0]; left; left -= 1) found.positions.push((last += located.next()));
      }
    }
    return found;
  }

  // Where a word is: by version [times in the title, times in the body].
  async occurrences(word, column) {
    const tokens = this.tokens(word);
    const found = new Map();
    if (tokens.length === 1) {
      const { versions, titles, bodies } = await this.posting(tokens[0].token, false);
      versions.forEach((version, n) => found.set(version, [titles[n], bodies[n]]));
    } else {
      const postings = await Promise.all(tokens.map(({ token }) => this.posting(token, true)));
      const places = tokens.map(({ at: place }) => place);
      const at = postings.map(() => 0);
      const [first, ...rest] = postings;
      for (; at[0] < first.versions.length; at[0] += 1) {
        const version = first.versions[at[0]];
        const isInAll = rest.every(({ versions }, k) => {
          while (versions[at[k + 1]] < version) at[k + 1] += 1;
          return versions[at[k + 1]] === version;
        });
        if (!isInAll) continue;
        const times = [timesOf(postings, at, places, false), timesOf(postings, at, places, true)];
        if (times[0] + times[1]) found.set(version, times);
      }
    }
    if (column) {
      const side = column === "title" ? 0 : 1;
      for (const [version, times] of found) {
        times[1 - side] = 0;
        if (!times[side]) found.delete(version);
      }
    }
    return found;
  }

  admits(request) {
    const { about, fold } = this;
    const has = (asked, names) => !asked || names.some((name) => name && fold(name) === fold(asked));
    return about.facets.map(([, , sections, source, sourceName, status, isEdited]) => has(request.section, sections) && has(request.source, [source, sourceName]) && (!request.status || request.status === status) && (!request.edited || isEdited));
  }

  // For each version whether it names a place.
  async naming(place) {
    if (!place) return () => true;
    const { sets, of } = JSON.parse(decoder.decode(await this.file("named.bin")));
    const admitted = sets.map((names) => names.some((name) => this.fold(name) === this.fold(place)));
    return (n) => admitted[of[n - 1]];
  }

  // since, until: YYYY, YYYY-MM or YYYY-MM-DD. Versions without a date are in no period.
  isWithin(n, since, until) {
    if (!since && !until) return true;
    const month = this.about.facets[this.facet[n] - 1][0];
    if (!month) return false;
    const date = this.day[n] ? `${month}-${String(this.day[n]).padStart(2, "0")}` : month;
    return (!since || date.slice(0, since.length) >= since) && (!until || date.slice(0, until.length) <= until);
  }

  // request: {q, section, source, status, place, since, until, column, sort, edited, versions, then}, as in an address of the reading room.
  async matched(request) {
    const clauses = parse(request.q || "", this.fold);
    const words = [...new Set(clauses.flat().map((term) => term.text))];
    const [names, ...occurrences] = await Promise.all([this.naming(request.place), ...words.map((word) => this.occurrences(word, request.column))]);
    const found = new Map(words.map((word, number) => [word, occurrences[number]]));
    const has = (n) => clauses.every((clause) => clause.some((term) => found.get(term.text).has(n) !== term.excluded));
    const admitted = this.admits(request);
    const { newest, versions } = this.about;
    const hits = [];
    for (let n = request.then ? newest + 1 : 1; n <= (request.versions || request.then ? versions : newest); n += 1) {
      if (!admitted[this.facet[n] - 1] || !this.isWithin(n, request.since, request.until) || !names(n) || !has(n)) continue;
      if (!request.then || (this.newestOf[n] && !has(this.newestOf[n]))) hits.push(n);
    }
    return { clauses, found, hits };
  }

  async search(request, limit = 20, offset = 0) {
    if (request.q && request.sort !== "date") this.file("sizes.bin"); // it is needed for the order, and fetched with the words
    const { clauses, found, hits } = await this.matched(request);
    const wanted = [...new Set(clauses.flat().filter((term) => !term.excluded).map((term) => term.text))];
    const isRanked = request.sort !== "date" && wanted.length > 0 && hits.length <= this.about.most_ranked;
    let order = hits;
    if (isRanked) order = await this.ranked(hits, clauses, found);
    else if (request.versions || request.then) order = [...hits].sort((one, other) => this.place[one] - this.place[other]);
    const shown = await Promise.all(order.slice(offset, offset + limit).map((n) => this.hit(n, wanted)));
    return { total: hits.length, sort: isRanked ? "relevance" : "date", hits: shown, counts: this.counts(hits) };
  }

  // BM25 as SQLite computes it. A word of a clause with exclusions counts as often as it occurs.
  async ranked(hits, clauses, found) {
    const numbers = new Numbers(await this.file("sizes.bin"));
    const { versions, tokens, title_weight: weight } = this.about;
    const sizes = [0, ...Array.from({ length: versions }, () => numbers.next())];
    const terms = clauses.flat().map((term) => found.get(term.text));
    const rarity = terms.map((each) => Math.max(Math.log((versions - each.size + 0.5) / (each.size + 0.5)), 0) || 1e-6);
    const score = new Map(hits.map((n) => {
      let sum = 0;
      terms.forEach((each, number) => {
        const [title, body] = each.get(n) || [0, 0];
        const times = title * weight + body;
        sum += rarity[number] * ((times * 2.2) / (times + 1.2 * (1 - 0.75 + (0.75 * sizes[n]) / (tokens / versions))));
      });
      return [n, sum];
    }));
    return [...hits].sort((one, other) => score.get(other) - score.get(one) || one - other);
  }

  async hit(n, words) {
    const size = this.about.texts;
    const content = await this.file(`texts/${Math.floor((n - 1) / size)}.bin`);
    const [id, version, date, title, body] = JSON.parse(decoder.decode(content))[(n - 1) % size];
    const [, section, , source, , status] = this.about.facets[this.facet[n] - 1];
    return { id, version, isNewest: n <= this.about.newest, date, title, section, source, status, marked_title: this.marked(title, words), snippet: this.snippet(body, words) };
  }

  counts(hits) {
    const by = { section: new Map(), year: new Map(), source: new Map(), source_name: new Map(), status: new Map() };
    const add = (name, value) => by[name].set(value, (by[name].get(value) || 0) + 1);
    for (const n of hits) {
      const [month, , sections, source, sourceName, status] = this.about.facets[this.facet[n] - 1];
      for (const section of sections.length ? sections : [""]) add("section", section);
      add("year", (month || "").slice(0, 4));
      add("source", source || "");
      add("source_name", sourceName || "");
      add("status", status);
    }
    const edited = hits.filter((n) => this.about.facets[this.facet[n] - 1][6]).length;
    const rows = (name) => [...by[name]].sort(name === "year" ? (a, b) => compare(b[0], a[0]) : (a, b) => b[1] - a[1] || compare(a[0], b[0]));
    return { ...Object.fromEntries(Object.keys(by).map((name) => [name, rows(name)])), edited };
  }

  // [{period, articles, counts, notHeld, isGap}]: as `gdfupin trend`.
  async trend(queries, by, section) {
    const length = by === "year" ? 4 : 7;
    const periods = (hits) => {
      const found = new Map();
      for (const n of hits) {
        const period = (this.about.facets[this.facet[n] - 1][0] || "").slice(0, length);
        found.set(period, (found.get(period) || 0) + 1);
      }
      return found;
    };
    const [all, ...counted] = (await Promise.all(["", ...queries].map((q) => this.matched({ q, section })))).map(({ hits }) => periods(hits));
    const dated = [...all.keys()].filter(Boolean).sort();
    const shown = dated.length ? between(dated[0], dated.at(-1)) : [];
    if (all.has("")) shown.push("");
    const absent = new Map();
    for (const [name, month, count] of this.about.not_held) {
      const period = month.slice(0, length);
      if (!section || this.fold(name) === this.fold(section)) absent.set(period, (absent.get(period) || 0) + count);
    }
    return shown.map((period) => {
      const articles = all.get(period) || 0;
      const notHeld = absent.get(period) || 0;
      const isGap = !articles || articles < this.about.enough * (articles + notHeld);
      return { period, articles, counts: counted.map((each) => each.get(period) || 0), notHeld, isGap };
    });
  }

  spans(letters, words) {
    const folded = letters.map((each) => this.folds.get(each) ?? each);
    const found = [];
    for (const word of words.map((each) => [...each])) {
      for (let at = 0; at + word.length <= folded.length; at += 1) {
        if (word.every((each, n) => each === folded[at + n])) found.push([at, at + word.length]);
      }
    }
    found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const joined = [];
    for (const [first, last] of found) {
      if (joined.length && first <= joined.at(-1)[1]) joined.at(-1)[1] = Math.max(last, joined.at(-1)[1]);
      else joined.push([first, last]);
    }
    return joined;
  }

  marked(text, words) {
    const letters = [...text];
    return pieces(letters, this.spans(letters, words));
  }

  // See search/snippets.py.
  snippet(body, words) {
    const letters = [...body];
    const spans = this.spans(letters, words);
    const begin = Math.max(0, densest(spans) - BEFORE);
    const end = Math.min(letters.length, begin + LENGTH);
    const inside = spans.filter(([first]) => begin <= first && first < end).map(([first, last]) => [first - begin, Math.min(last, end) - begin]);
    const found = pieces(letters.slice(begin, end).map((each) => (/[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/.test(each) ? " " : each)), inside);
    if (begin > 0) found.unshift(["…", false]);
    if (end < letters.length) found.push(["…", false]);
    return found;
  }
}

// How often a word is in the title or the body of a version. at: where the version is in each posting; places: those of the tokens in the
// word.
function timesOf(postings, at, places, inBody) {
  const begins = postings.map(({ starts, titles }, k) => starts[at[k]] + (inBody ? titles[at[k]] : 0));
  const ends = postings.map(({ titles, bodies }, k) => begins[k] + (inBody ? bodies : titles)[at[k]]);
  let times = 0;
  for (let n = begins[0]; n < ends[0]; n += 1) {
    const first = postings[0].positions[n];
    let k = 1;
    for (; k < postings.length; k += 1) {
      const { positions } = postings[k];
      const wanted = first + places[k];
      while (begins[k] < ends[k] && positions[begins[k]] < wanted) begins[k] += 1;
      if (begins[k] === ends[k] || positions[begins[k]] !== wanted) break;
    }
    if (k === postings.length) times += 1;
  }
  return times;
}

function pieces(letters, spans) {
  const found = [];
  let at = 0;
  for (const [first, last] of spans) {
    if (first > at) found.push([letters.slice(at, first).join(""), false]);
    found.push([letters.slice(first, last).join(""), true]);
    at = last;
  }
  if (at < letters.length) found.push([letters.slice(at).join(""), false]);
  return found;
}

function densest(spans) {
  let [best, most, behind] = [0, 0, 0];
  spans.forEach(([first], number) => {
    behind = Math.max(behind, number);
    while (behind < spans.length && spans[behind][1] <= first + LENGTH - BEFORE) behind += 1;
    if (behind - number > most) [best, most] = [first, behind - number];
  });
  return spans.length ? (most ? best : spans[0][0]) : 0;
}

function between(first, last) {
  if (first.length === 4) {
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => String(Number(first) + n).padStart(4, "0"));
  }
  const [begin, end] = [first, last].map((each) => Number(each.slice(0, 4)) * 12 + Number(each.slice(5)) - 1);
  return Array.from({ length: end - begin + 1 }, (_, n) => `${String(Math.floor((begin + n) / 12)).padStart(4, "0")}-${String(((begin + n) % 12) + 1).padStart(2, "0")}`);
}

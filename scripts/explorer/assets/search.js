"use strict";
// Search over every row that has a page. The index is loaded when somebody begins to search, not before.
// A word is found where it stands whole, where it begins a word, inside a run of Japanese, or, only where it is found
// nowhere, in the words it most resembles: as in lookup.py, which made the index.

(() => {
  const form = document.querySelector("form[data-search]");
  const box = form.elements.q;
  const out = document.getElementById("results");
  const { normal, language, make, remember } = self.IJE.common;
  const whole = location.pathname.endsWith("search.html");
  const FIRST = whole ? 40 : 8;
  let index = null;
  let loading = null;
  let kind = null;

  const load = () =>
    (loading ||= new Promise((done, fail) => {
      const script = make("script", { src: "assets/search-data.js" });
      script.onload = () => done((index = prepare(self.IJE.search)));
      script.onerror = fail;
      document.head.append(script);
    }));

  const prepare = (data) => {
    const words = data.words.split("\n");
    return {
      ...data,
      words,
      named: data.named.split("\n"),
      told: data.told.split("\n"),
      separators: new RegExp(data.separators, "u"),
      japanese: new RegExp(data.japanese, "u"),
      unsaid: new Set(data.unsaid),
      // Which letters a word has, as bits: words that differ in more of them than a misspelling can are not compared.
      letters: Int32Array.from(words, letters),
    };
  };

  const letters = (word) => {
    let bits = 0;
    for (let at = 0; at < word.length; at++) bits |= 1 << word.charCodeAt(at) % 31;
    return bits;
  };

  const bits = (value) => {
    let count = 0;
    for (; value; value &= value - 1) count++;
    return count;
  };

  /** Returns how many letters must be put in, left out, changed or exchanged; more than `most` is not counted out. */
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      let best = i;
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
          row[j] = Math.min(row[j], before[j - 2] + 1);
        best = Math.min(best, row[j]);
      }
      if (best > most) return most + 1;
      before = last;
      last = row;
    }
    return last[other.length];
  };

  const from = (word) => {
    let low = 0;
    let high = index.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index.words[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** Returns [position in the vocabulary, weight] of the words that a word asks for, and whether it was guessed. */
  const meant = (word) => {
    const found = [];
    if (index.japanese.test(word)) {
      index.words.forEach((held, at) => {
        if (held.includes(word)) found.push([at, held === word ? 10 : held.startsWith(word) ? 8 : 6]);
      });
      if (!found.length)
        index.words.forEach((held, at) => {
          if (held.length > 1 && index.japanese.test(held) && word.includes(held)) found.push([at, 3]);
        });
      return [found, false];
    }
    for (let at = from(word); at < index.words.length && index.words[at].startsWith(word); at++) {
      if (index.words[at] === word) found.push([at, 10]);
      else if (word.length > 2 && !/^[0-9]+$/.test(word)) found.push([at, 5 + (3 * word.length) / index.words[at].length]);
      else break;
    }
    if (found.length || word.length < 4) return [found, false];
    const most = word.length < 6 ? 1 : 2;
    const own = letters(word);
    let best = most;
    index.words.forEach((held, at) => {
      if (bits(own ^ index.letters[at]) > 2 * best) return;
      const far = distance(word, held, best);
      if (far < best) found.length = 0;
      if (far <= best) {
        best = far;
        found.push([at, 5 - far]);
      }
    });
    return [found, true];
  };

  const add = (packed, weight, scores) => {
    if (!packed) return;
    let position = 0;
    for (const step of packed.split(" ")) {
      position += parseInt(step, 36);
      if (scores[position] < weight) scores[position] = weight;
    }
  };

  /** Returns the rows found, best first, and what words were taken for. */
  const find = (text) => {
    const all = normal(text).split(index.separators).filter(Boolean);
    const words = all.some((word) => !index.unsaid.has(word)) ? all.filter((word) => !index.unsaid.has(word)) : all;
    const total = new Float32Array(index.rows.length);
    const matched = new Uint8Array(index.rows.length);
    const readings = [];
    for (const word of new Set(words)) {
      const scores = new Float32Array(index.rows.length);
      const [hits, guessed] = meant(word);
      for (const [at, weight] of hits) {
        add(index.named[at], weight * 3, scores);
        add(index.told[at], weight, scores);
      }
      if (guessed) readings.push([word, hits.slice(0, 3).map(([at]) => index.words[at])]);
      for (let at = 0; at < scores.length; at++)
        if (scores[at]) {
          total[at] += scores[at];
          matched[at]++;
        }
    }
    const need = matched.reduce((most, count) => Math.max(most, count), 0);
    const rows = [];
    if (need) for (let at = 0; at < matched.length; at++) if (matched[at] === need) rows.push(at);
    const asked = words.join(" ");
    for (const at of rows.slice(0, 400)) {
      const [, , label, names] = index.rows[at];
      if ([label, ...names].some((name) => normal(name).split(index.separators).filter(Boolean).join(" ") === asked)) total[at] += 40;
    }
    rows.sort((one, other) => total[other] - total[one] || one - other);
    return { rows, readings, partial: need > 0 && need < new Set(words).size };
  };

  const item = (at) => {
    const [table, id, label, names, more] = index.rows[at];
    const link = make("a", { href: `${index.tables[table][0]}/${id}.html`, lang: language(label) }, label);
    const said = make("span", {}, link);
    for (const name of names.filter((each) => language(each)).slice(0, 2))
      said.append(" ", make("span", { class: "native", lang: language(name) }, name));
    if (more) said.append(" ", make("span", { class: "meta" }, more));
    return make("li", {}, make("span", {}, index.tables[table][1]), said);
  };

  const show = (text, count = FIRST) => {
    if (!text.trim()) return out.replaceChildren();
    const { rows, readings, partial } = find(text);
    const counts = new Map();
    for (const at of rows) counts.set(index.rows[at][0], (counts.get(index.rows[at][0]) || 0) + 1);
    if (!counts.has(kind)) kind = null;
    const shown = kind === null ? rows : rows.filter((at) => index.rows[at][0] === kind);
    const parts = [];
    const guesses = readings.map(([word, taken]) =>
      taken.length ? `“${word}” was taken for ${taken.join(", ")}.` : `“${word}” is found nowhere.`);
    const said = `${rows.length.toLocaleString("en")} found.${partial ? " None has all the words; these have the most." : ""} ${guesses.join(" ")}`;
    parts.push(make("p", { class: "meta", role: "status" }, rows.length ? said : `Nothing found. ${guesses.join(" ")}`));
    if (counts.size > 1) {
      const kinds = make("p", { class: "kinds" });
      const button = (value, name) => {
        const one = make("button", { type: "button", "aria-pressed": String(kind === value) }, name);
        one.onclick = () => {
          kind = value;
          show(text);
        };
        kinds.append(one, " ");
      };
      button(null, `All ${rows.length}`);
      for (const [table, number] of counts) button(table, `${index.tables[table][2]} ${number}`);
      parts.push(kinds);
    }
    parts.push(make("ol", {}, ...shown.slice(0, count).map(item)));
    if (shown.length > count) {
      if (whole) {
        const more = make("button", { type: "button" }, "Show more");
        more.onclick = () => show(text, count + 100);
        parts.push(more);
      } else parts.push(make("p", {}, make("a", { href: `search.html?q=${encodeURIComponent(text)}` }, "All results")));
    }
    out.replaceChildren(...parts);
  };

  const search = async () => {
    const text = box.value;
    if (whole) remember(text ? `?q=${encodeURIComponent(text)}` : location.pathname);
    try {
      await load();
    } catch {
      out.replaceChildren(make("p", {}, "The index could not be loaded."));
      return;
    }
    if (box.value === text) show(text);
  };

  box.addEventListener("focus", () => load().catch(() => {}), { once: true });
  box.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    if (!whole) return;
    event.preventDefault();
    search();
  });
  form.parentElement.addEventListener("keydown", (event) => {
    const links = [...out.querySelectorAll("li a")];
    const at = links.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && at >= 0) box.focus();
    if (!step || !links.length || (at < 0 && document.activeElement !== box)) return;
    event.preventDefault();
    (links[at + step] || (at + step < 0 ? box : links[at])).focus();
  });
  self.IJE.find = async (text) => {
    await load();
    return find(text).rows.map((at) => index.rows[at]);
  };

  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    search();
  }
})();

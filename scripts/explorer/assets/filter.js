"use strict";
// The filters of the engagements and of the commitments: the same for any table whose data file names its facets.
// The filter is in the address, so that what is shown can be sent to somebody.

(() => {
  const { normal, language, make, span, columns, remember } = self.IJE.common;
  const table = self.IJE.table;
  const value = columns(table);
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const promises = byId("promises");
  const facets = table.facets.map((facet) => ({
    ...facet,
    chosen: new Set(),
    at: new Map(facet.options.map(([code], position) => [String(code), position])),
    counts: new Int32Array(facet.options.length),
  }));
  const named = new Map(facets.map((facet) => [facet.name, facet]));
  const label = (facet, row) => {
    const position = named.get(facet)?.of[row];
    return position >= 0 ? named.get(facet).options[position][1] : "";
  };
  const [starts, ends] = table.period.map(value);
  const PAGE = 100;
  let texts = null;
  let found = [];
  let shown = PAGE;

  const text = (row) => {
    texts ||= Object.keys(table.columns)
      .filter((name) => !name.endsWith("_id") && !named.has(name) && !/date|_on$/.test(name))
      .map(value);
    return texts.map((of) => of(row)).filter((cell) => typeof cell === "string").map(normal).join("\n");
  };
  const memory = [];
  const holds = (row, words) => {
    const said = (memory[row] ??= text(row));
    return words.every((word) => said.includes(word));
  };

  const passes = (facet, row) => {
    const of = facet.of[row];
    if (!Array.isArray(of)) return facet.chosen.has(of);
    return facet.all ? [...facet.chosen].every((each) => of.includes(each)) : of.some((each) => facet.chosen.has(each));
  };

  /** Finds the rows that pass every filter and counts, for each option, the rows it would leave. */
  const select = () => {
    const words = normal(byId("filter-text").value).split(/\s+/).filter(Boolean);
    const first = byId("filter-from").value.trim();
    const last = byId("filter-to").value.trim();
    const until = last && last + "-12-31".slice(last.length - 4);
    const since = first && first + "-01-01".slice(first.length - 4);
    const asked = facets.filter((facet) => facet.chosen.size);
    for (const facet of facets) facet.counts.fill(0);
    found = [];
    const count = (facet, row) => {
      const of = facet.of[row];
      if (Array.isArray(of)) for (const each of of) facet.counts[each]++;
      else if (of >= 0) facet.counts[of]++;
    };
    for (let row = 0; row < table.rows; row++) {
      // A date known in part may be as late as the last day it can mean.
      if (since && !(starts(row) && ends(row) + "-12-31".slice(ends(row).length - 4) >= since)) continue;
      if (until && !(starts(row) && starts(row) <= until)) continue;
      if (words.length && !holds(row, words)) continue;
      const failed = asked.filter((facet) => !passes(facet, row));
      if (!failed.length) {
        found.push(row);
        for (const facet of facets) count(facet, row);
      } else if (failed.length === 1 && !failed[0].all) count(failed[0], row);
    }
    if (byId("sort")?.value !== "old") found.reverse();
  };

  const lists = new Map([...form.querySelectorAll("select[data-facet]")].map((list) => [list.dataset.facet, list]));
  const stale = new Set(lists.values());

  const choose = (facet, list) => {
    const [chosen] = facet.chosen;
    list.value = chosen === undefined ? "" : String(facet.options[chosen][0]);
  };

  /** Writes the options of a list anew, with what each would leave. Long lists are left until somebody opens them. */
  const drawList = (list) => {
    if (!stale.delete(list)) return;
    const facet = named.get(list.dataset.facet);
    const options = facet.options.flatMap(([code, name], at) =>
      facet.counts[at] || facet.chosen.has(at) ? [new Option(`${name} (${facet.counts[at]})`, code)] : []);
    list.replaceChildren(new Option("any", ""), ...options);
    choose(facet, list);
  };

  const drawFacets = () => {
    for (const facet of facets) {
      const list = lists.get(facet.name);
      if (list) {
        if (list.options.length < 2) drawList(list);
        stale.add(list);
        choose(facet, list);
        // What is chosen by the address may not be among the options of before.
        if (facet.chosen.size && !list.value) drawList(list);
        continue;
      }
      for (const input of form.querySelectorAll(`fieldset[data-facet="${facet.name}"] input`)) {
        const at = facet.at.get(input.value);
        input.checked = facet.chosen.has(at);
        input.nextElementSibling.textContent = facet.counts[at].toLocaleString("en");
        input.parentElement.classList.toggle("none", !facet.counts[at]);
      }
    }
  };

  const drawChips = () => {
    const chips = [];
    for (const facet of facets)
      for (const at of facet.chosen) {
        const name = `${facet.title}: ${facet.options[at][1]}`;
        const chip = make("button", { type: "button", "aria-label": `Remove the filter ${name}` }, `${name} ×`);
        chip.onclick = () => {
          facet.chosen.delete(at);
          apply();
          byId("filter-text").focus();
        };
        chips.push(chip);
      }
    const typed = ["filter-text", "filter-from", "filter-to"].filter((id) => byId(id).value.trim());
    if (chips.length + typed.length > 1) {
      const all = make("button", { type: "button" }, "Clear all");
      all.onclick = () => {
        for (const facet of facets) facet.chosen.clear();
        for (const id of typed) byId(id).value = "";
        apply();
        byId("filter-text").focus();
      };
      chips.push(all);
    }
    byId("chips").replaceChildren(...chips);
  };

  const cell = {
    id: value(table.key), title: value("title_en"), start: value("start_date"), end: value("end_date"),
    place: value("place"), status: value("status"),
    principals: ["principals_ind", "principals_jpn", "principals_other"].map(value),
  };
  const line = (row) => {
    const kind = label("kind", row);
    const place = cell.place(row) || "";
    const what = make("td", {}, make("a", { href: `${cell.id(row)}.html`, lang: language(cell.title(row)) }, cell.title(row)));
    if (cell.status(row) !== "held") what.append(" ", make("span", { class: "tag" }, label("status", row)));
    const principals = cell.principals.map((of) => of(row)).filter(Boolean).join(" – ");
    what.append(make("span", { class: "meta" }, principals));
    what.append(make("span", { class: "meta narrow" }, [kind, place].filter(Boolean).join(", ")));
    return make("tr", {}, make("td", { class: "when" }, span(cell.start(row), cell.end(row))), what,
      ...[kind, place, label("level", row)].map((said) => make("td", { class: "wide" }, said)));
  };

  const drawRows = () => {
    if (promises) {
      const kept = new Set(found.map(String));
      for (const one of promises.children) one.hidden = !kept.has(one.dataset.row);
      return;
    }
    const old = document.querySelector("#rows table");
    old.querySelector("caption").textContent = found.length > shown ? `The first ${shown} of ${found.length.toLocaleString("en")}` : "All that pass the filter";
    old.querySelector("tbody").replaceChildren(...found.slice(0, shown).map(line));
    byId("further").hidden = found.length <= shown;
  };

  const apply = () => {
    shown = PAGE;
    select();
    drawFacets();
    drawChips();
    drawRows();
    const noun = promises ? "commitments" : "engagements";
    byId("status").textContent = `${found.length.toLocaleString("en")} of ${table.rows.toLocaleString("en")} ${noun}`;
    const said = new URLSearchParams();
    for (const facet of facets)
      if (facet.chosen.size) said.set(facet.name, [...facet.chosen].map((at) => facet.options[at][0]).join(","));
    for (const [key, id] of [["q", "filter-text"], ["from", "filter-from"], ["to", "filter-to"], ["sort", "sort"]])
      if (byId(id)?.value.trim()) said.set(key, byId(id).value.trim());
    const hash = said.toString().replaceAll("%2C", ",");
    if (hash || location.hash.includes("=")) remember(hash ? `#${hash}` : location.pathname + location.search);
  };

  const read = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    for (const facet of facets) {
      const codes = (said.get(facet.name) || "").split(",");
      facet.chosen = new Set(codes.map((code) => facet.at.get(code)).filter((at) => at !== undefined));
      if (facet.chosen.size) form.querySelector(`fieldset[data-facet="${facet.name}"]`)?.parentElement.setAttribute("open", "");
    }
    for (const [key, id] of [["q", "filter-text"], ["from", "filter-from"], ["to", "filter-to"], ["sort", "sort"]])
      if (byId(id)) byId(id).value = said.get(key) || "";
    apply();
  };

  const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const download = () => {
    const names = Object.keys(table.columns);
    const of = names.map(value);
    const lines = found.map((row) => of.map((column) => quoted(column(row) === null ? "" : String(column(row)))).join(","));
    // With the mark of byte order, without which some spreadsheets garble Japanese and Hindi.
    const file = new Blob(["\ufeff", names.join(","), "\n", lines.join("\n"), "\n"], { type: "text/csv" });
    const link = make("a", { href: URL.createObjectURL(file), download: `${table.name}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  form.addEventListener("change", (event) => {
    const list = event.target.closest("select[data-facet]");
    const inputs = event.target.closest("fieldset[data-facet]");
    if (list) {
      const facet = named.get(list.dataset.facet);
      facet.chosen = new Set(list.value ? [facet.at.get(list.value)] : []);
    }
    if (inputs) {
      const facet = named.get(inputs.dataset.facet);
      const at = facet.at.get(event.target.value);
      if (event.target.checked) facet.chosen.add(at);
      else facet.chosen.delete(at);
    }
    apply();
  });
  form.addEventListener("input", (event) => {
    const input = event.target;
    if (input.type === "search" || (input.id.startsWith("filter-") && input.tagName === "INPUT" && input.validity.valid)) apply();
  });
  for (const list of lists.values()) for (const event of ["pointerdown", "focus"]) list.addEventListener(event, () => drawList(list));
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("sort")?.addEventListener("change", apply);
  byId("download").addEventListener("click", download);
  byId("further")?.addEventListener("click", () => {
    const before = shown;
    shown += 2 * PAGE;
    drawRows();
    document.querySelectorAll("#rows tbody a")[before]?.focus();
  });
  self.addEventListener("hashchange", () => (!location.hash || location.hash.includes("=")) && read());
  // Whoever is about to type finds the texts ready to be looked through.
  const prepare = (row) => (self.requestIdleCallback || ((then) => setTimeout(then, 0, { timeRemaining: () => 1 })))((idle) => {
    for (; row < table.rows && idle.timeRemaining() > 0; row++) memory[row] ??= text(row);
    if (row < table.rows) prepare(row);
  });
  byId("filter-text").addEventListener("focus", () => prepare(0), { once: true });

  const box = byId("filter-box");
  box.hidden = false;
  box.open = self.matchMedia("(min-width: 60.01rem)").matches;
  byId("toolbar").hidden = false;
  read();
})();

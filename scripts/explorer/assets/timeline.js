"use strict";
// The timeline: lanes of marks between two days, which the address names. What is in view is also listed below it.

(() => {
  const { make, span, columns, remember } = self.IJE.common;
  const table = self.IJE.table;
  const value = columns(table);
  const byId = (id) => document.getElementById(id);
  const stage = byId("stage");
  const YEAR = 365.25 * 864e5;
  const time = (text) => Date.parse(text);
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter((row) => value("start_date_earliest")(row));
  const starts = rows.map((row) => time(value("start_date_earliest")(row)));
  const ends = rows.map((row) => time(value("end_date_latest")(row)) + 864e5);
  const FIRST = Date.parse("1947-01-01");
  const LATEST = Math.max(...ends, Date.parse("1948-01-01")) - 864e5;
  const LAST = LATEST + 0.2 * YEAR;
  const LISTED = 60;
  const facets = new Map(table.facets.map((facet) => [facet.name, facet]));
  const lanes = ["level", "kind", "mechanism", "format", "tier"].filter((name) => facets.has(name));
  const state = { from: FIRST, to: LAST, lanes: "level", kind: "" };
  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, said] of Object.entries(attributes)) element.setAttribute(key, said);
    element.append(...children);
    return element;
  };
  const iso = (at) => new Date(at).toISOString().slice(0, 10);
  const id = value("engagement_id");
  const title = value("title_en");
  const mechanism = value("mechanism");
  const status = value("status");
  const precision = value("date_precision");
  const when = (row) => span(value("start_date")(row), value("end_date")(row));

  /** Returns the lanes in order, each with its name and the positions of its rows. */
  const grouped = (positions) => {
    const facet = facets.get(state.lanes);
    const groups = new Map();
    for (const position of positions) {
      const row = rows[position];
      // In the lanes of series a session lies in its own alone, not in those it took up.
      const name = state.lanes === "mechanism" ? mechanism(row) || "" : facet.of[row] >= 0 ? facet.options[facet.of[row]][1] : "";
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(position);
    }
    const order = state.lanes === "mechanism"
      ? [...groups.keys()].filter(Boolean).sort((one, other) => groups.get(other).length - groups.get(one).length || one.localeCompare(other))
      : facet.options.map(([, name]) => name).filter((name) => groups.has(name));
    if (groups.has("")) order.push("");
    return order.map((name) => [name || (state.lanes === "mechanism" ? "no series" : "none known"), groups.get(name)]);
  };

  const draw = () => {
    const width = Math.max(300, stage.clientWidth);
    const across = (at) => ((at - state.from) / (state.to - state.from)) * width;
    const kind = facets.get("kind");
    const visible = [];
    for (let position = 0; position < rows.length; position++)
      if (ends[position] >= state.from && starts[position] <= state.to
        && (!state.kind || kind.options[kind.of[rows[position]]][0] === state.kind)) visible.push(position);
    const TALLEST = 96;
    const marks = [];
    const lines = [];
    let top = 22; // room for the years, which stand above the first lane and below the last
    for (const [name, members] of grouped(visible)) {
      // Marks that would lie on each other are stacked; each row of a lane remembers where its last mark ended.
      const ends_at = [];
      const placed = members.map((position) => {
        const left = across(starts[position]);
        const right = Math.max(left + 6, across(ends[position]) - 1);
        let level = ends_at.findIndex((end) => end <= left);
        if (level < 0) level = ends_at.length;
        ends_at[level] = right + 1.5;
        return [position, left, right, level];
      });
      // A crowded lane is drawn finer, not taller.
      const step = Math.min(8, TALLEST / Math.max(1, ends_at.length));
      const height = Math.max(1, ends_at.length) * step;
      const base = top + 16 + height;
      lines.push([name, members.length, top, base]);
      for (const [position, left, right, level] of placed) {
        const row = rows[position];
        const link = svg("a", { href: `engagements/${id(row)}.html`, tabindex: "-1" },
          svg("title", {}, `${when(row)}: ${title(row)}`),
          svg("rect", { class: `mark ${status(row)}${precision(row) === "day" ? "" : " vague"}`, x: left.toFixed(1), width: (right - left).toFixed(1), y: (base - (level + 1) * step + 0.12 * step).toFixed(1), height: (0.76 * step).toFixed(1), rx: (0.38 * step).toFixed(1) }));
        marks.push(link);
      }
      top = base + 9;
    }
    const years = [];
    const length = (state.to - state.from) / YEAR;
    const months = length < 3;
    const spacing = [1, 2, 5, 10, 20].find((each) => (width / length) * each > 46) || 20;
    const first = new Date(state.from).getUTCFullYear();
    for (let year = first; year <= new Date(state.to).getUTCFullYear() + 1; year++) {
      if (!months && year % spacing) continue;
      for (const month of months ? (length < 1.2 && width > 700 ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] : [0, 3, 6, 9]) : [0]) {
        const at = Date.UTC(year, month, 1);
        if (at < state.from || at > state.to) continue;
        const name = month ? new Date(at).toLocaleString("en", { month: "short", timeZone: "UTC" }) : String(year);
        years.push(svg("line", { class: "year", x1: across(at), x2: across(at), y1: 0, y2: top }),
          svg("text", { x: across(at) + 3, y: 14 }, name),
          svg("text", { x: across(at) + 3, y: top + 14 }, name));
      }
    }
    const names = lines.flatMap(([name, count, above, base]) => [
      svg("line", { class: "lane", x1: 0, x2: width, y1: base + 1, y2: base + 1 }),
      svg("text", { class: "lane-name", x: 6, y: above + 12 }, `${name} · ${count}`),
    ]);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${top + 22}`, height: top + 22, "aria-hidden": "true" }, ...years, ...names, ...marks);
    stage.replaceChildren(picture);
    byId("status").textContent = `${visible.length.toLocaleString("en")} engagements from ${span(iso(state.from))} to ${span(iso(Math.min(state.to, LATEST)))}`;
    const listed = visible.slice(-LISTED).reverse().map((position) => {
      const row = rows[position];
      return make("li", {}, make("span", { class: "when" }, when(row)), make("a", { href: `engagements/${id(row)}.html` }, title(row)));
    });
    byId("listed").replaceChildren(...listed);
    byId("inview-title").textContent = visible.length > LISTED ? `In view: the latest ${LISTED} of ${visible.length.toLocaleString("en")}` : "In view";
    for (const button of byId("presets").children)
      button.setAttribute("aria-pressed", String(button.dataset.from === iso(state.from) && button.dataset.to === iso(state.to)));
  };

  const set = (from, to) => {
    const length = Math.min(LAST - FIRST, Math.max(to - from, 30 * 864e5));
    state.from = Math.min(Math.max(from, FIRST), LAST - length);
    state.to = state.from + length;
    const said = new URLSearchParams({ from: iso(state.from), to: iso(state.to), lanes: state.lanes });
    if (state.kind) said.set("kind", state.kind);
    remember(`#${said}`);
    draw();
  };
  const move = (share) => set(state.from + share * (state.to - state.from), state.to + share * (state.to - state.from));
  const zoom = (factor, at = 0.5) => {
    const centre = state.from + at * (state.to - state.from);
    const length = (state.to - state.from) * factor;
    set(centre - at * length, centre + (1 - at) * length);
  };

  const read = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    state.lanes = lanes.includes(said.get("lanes")) ? said.get("lanes") : "level";
    state.kind = facets.get("kind").options.some(([code]) => code === said.get("kind")) ? said.get("kind") : "";
    byId("lanes").value = state.lanes;
    byId("kind").value = state.kind;
    set(time(said.get("from")) || FIRST, time(said.get("to")) || LAST);
  };

  for (const name of lanes) byId("lanes").append(new Option(`by ${name === "mechanism" ? "series" : facets.get(name).title.toLowerCase()}`, name));
  byId("kind").append(new Option("every kind", ""), ...facets.get("kind").options.map(([code, name]) => new Option(name, code)));
  const earliest = Math.max(FIRST, starts[0] - 0.2 * YEAR);
  for (const [name, from] of [["1947–today", FIRST], ["All in the record", earliest], ["Last 5 years", LAST - 5 * YEAR], ["Last year", LAST - YEAR]]) {
    const button = make("button", { type: "button", "data-from": iso(from), "data-to": iso(LAST) }, name);
    button.onclick = () => set(from, LAST);
    byId("presets").append(button);
  }
  byId("lanes").onchange = byId("kind").onchange = () => {
    state.lanes = byId("lanes").value;
    state.kind = byId("kind").value;
    set(state.from, state.to);
  };
  byId("controls").addEventListener("click", (event) => {
    if (event.target.dataset.move) move(Number(event.target.dataset.move));
    if (event.target.dataset.zoom) zoom(Number(event.target.dataset.zoom));
  });
  stage.addEventListener("keydown", (event) => {
    const act = { ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2), "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  // Without a key held down the wheel scrolls the page, as everywhere else.
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    const at = (event.clientX - stage.getBoundingClientRect().left) / stage.clientWidth;
    if (event.shiftKey) move((event.deltaY + event.deltaX) / 1000);
    else zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
  }, { passive: false });
  const fingers = new Map();
  let dragged = false;
  stage.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event.clientX);
    dragged = false;
  });
  self.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    const shift = event.clientX - fingers.get(event.pointerId);
    if (Math.abs(shift) < 3 && !dragged) return;
    dragged = true;
    fingers.set(event.pointerId, event.clientX);
    const after = [...fingers.values()];
    if (after.length === 2) {
      const spread = Math.abs(after[0] - after[1]) / Math.max(1, Math.abs(before[0] - before[1]));
      const left = stage.getBoundingClientRect().left;
      zoom(1 / Math.min(2, Math.max(0.5, spread)), ((after[0] + after[1]) / 2 - left) / stage.clientWidth);
    } else move(-shift / stage.clientWidth);
  });
  for (const kind of ["pointerup", "pointercancel"]) self.addEventListener(kind, (event) => fingers.delete(event.pointerId));
  // A drag that ends on a mark is no click on it.
  stage.addEventListener("click", (event) => dragged && event.preventDefault(), true);
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  self.addEventListener("resize", draw);
  self.addEventListener("hashchange", read);

  byId("controls").hidden = false;
  byId("inview").hidden = false;
  byId("static").hidden = true;
  read();
})();

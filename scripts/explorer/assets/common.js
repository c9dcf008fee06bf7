"use strict";
// What the scripts of several pages share. Everything from the data enters the page as text, never as markup.

(self.IJE = self.IJE || {}).common = (() => {
  // The counterpart of lookup.normal: compared text is folded, and marks are dropped from Latin letters alone.
  const normal = (text) =>
    /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : text.normalize("NFKC").toLowerCase().replace(/ß/g, "ss")
      .normalize("NFD").replace(/([a-z])[\u0300-\u036f]+/g, "$1").normalize("NFC");

  const language = (text) => (/[\u3040-\u30ff\u3400-\u9fff]/.test(text) ? "ja" : /[\u0900-\u097f]/.test(text) ? "hi" : "");

  /** Returns an element with attributes and children; children are text or elements. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== "") element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  /** Returns a date known to the day, month or year as people write it. */
  const day = (text) => {
    const [year, month, date] = text.split("-");
    return [date && String(Number(date)), month && months[month - 1], year].filter(Boolean).join(" ");
  };

  const span = (start, end) => {
    if (!start) return "no date";
    if (!end || end === start) return day(start);
    if (start.slice(0, 7) === end.slice(0, 7) && start.length === 10 && end.length === 10)
      return `${Number(start.slice(8))}–${day(end)}`;
    const year = start.slice(0, 4);
    if (end.startsWith(year) && start.length > 4 && end.length > 4) return `${day(start).replace(` ${year}`, "")} – ${day(end)}`;
    return `${day(start)} – ${day(end)}`;
  };

  /** Returns a function that gives the value of a column of the table for a row. */
  const columns = (table) => (name) => {
    const column = table.columns[name];
    if (!column) return () => null;
    return column.at ? (row) => column.values[column.at[row]] : (row) => column.values[row];
  };

  /** Replaces the address by one with this hash; a page opened from a disk may refuse, and works all the same. */
  const remember = (address) => {
    try {
      history.replaceState(null, "", address);
    } catch {
      /* the address stays as it was */
    }
  };

  return { normal, language, make, day, span, columns, remember };
})();

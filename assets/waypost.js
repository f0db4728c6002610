// The browser's part of Waypost: theme, menus, palette, charts, forms that lose nothing, keys. Plain JavaScript, no build.
// Every page works without it; nothing here decides anything that the server does not check.
// Content policy: script-src 'self'. So no inline handlers, no eval, no strings made into code.
"use strict";

(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  /** An element with attributes and children; `on…` attributes are listeners. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };

  // A browser may forbid its stores, or they may be full: the page must work all the same.
  const remember = (store, key, value) => { try { value === null ? store.removeItem(key) : store.setItem(key, value) } catch { /* full or forbidden */ } };
  const recall = (store, key) => { try { return store.getItem(key) } catch { return null } };

  // htmx loads before this file and starts after it.
  if (window.htmx) Object.assign(window.htmx.config, { allowEval: false, includeIndicatorStyles: false });

  // ---- theme: the server draws the page with the cookie's theme, so nothing flickers --------------------------------

  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const nameToggles = () => all("[data-theme-toggle]").forEach((it) => it.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme"));
  const toggleTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    nameToggles();
    drawCharts();
  };
  systemDark.addEventListener("change", () => { nameToggles(); drawCharts() });

  // ---- charts: an option as JSON, in which "@business" stands for the colour token --business -----------------------

  let library = null;
  const loadLibrary = () => (library ??= new Promise((done, failed) => {
    document.head.append(make("script", { src: "/assets/vendor/echarts.min.js", onload: () => done(window.echarts), onerror: failed }));
  }));

  /** Reads colour tokens as the browser computes them in the present theme. */
  const colours = () => {
    const probe = make("span", { hidden: true });
    document.body.append(probe);
    const seen = new Map();
    const read = (token) => {
      if (!seen.has(token)) {
        probe.style.color = "";
        probe.style.color = `var(--${token})`;
        seen.set(token, getComputedStyle(probe).color);
      }
      return seen.get(token);
    };
    return { read, end: () => probe.remove() };
  };
  const withColours = (value, read) => {
    if (typeof value === "string") return /^@[a-z][\w-]*$/.test(value) ? read(value.slice(1)) : value;
    if (Array.isArray(value)) return value.map((it) => withColours(it, read));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, withColours(it, read)]));
    return value;
  };
  const chartTheme = (read) => {
    const axis = { axisLine: { lineStyle: { color: read("line-2") } }, axisTick: { show: false }, axisLabel: { color: read("ink-2"), fontSize: 12.5 }, splitLine: { lineStyle: { color: read("line") } }, nameTextStyle: { color: read("ink-3") } };
    return {
      color: [1, 2, 3, 4, 5, 6].map((n) => read(`s-${n}`)),
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: read("ink-2") },
      backgroundColor: "transparent",
      title: { textStyle: { color: read("ink") }, subtextStyle: { color: read("ink-2") } },
      legend: { textStyle: { color: read("ink-2"), fontSize: 13 }, inactiveColor: read("line-2"), itemWidth: 12, itemHeight: 12 },
      tooltip: { backgroundColor: read("raised"), borderColor: read("line-2"), textStyle: { color: read("ink"), fontSize: 13 }, axisPointer: { lineStyle: { color: read("line-2") }, crossStyle: { color: read("line-2") } } },
      categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } }, logAxis: axis, timeAxis: axis,
      radar: { axisName: { color: read("ink-2") }, axisLine: { lineStyle: { color: read("line") } }, splitLine: { lineStyle: { color: read("line") } }, splitArea: { show: false } },
      visualMap: { textStyle: { color: read("ink-2") } },
      sankey: { label: { color: read("ink") } }, graph: { label: { color: read("ink") } },
      line: { lineStyle: { width: 2 } },
    };
  };
  const drawChart = async (figure) => {
    const canvas = figure.querySelector(".canvas");
    try {
      const echarts = await loadLibrary();
      const { read, end } = colours();
      const option = withColours(JSON.parse(figure.dataset.option), read);
      const theme = chartTheme(read);
      end();
      option.aria = { enabled: false }; // the server wrote a better label, and a table beside
      if (matchMedia("(prefers-reduced-motion: reduce)").matches || figure.dataset.drawn) option.animation = false;
      echarts.getInstanceByDom(canvas)?.dispose();
      echarts.init(canvas, theme, { renderer: "svg" }).setOption(option);
      figure.dataset.drawn = "yes";
    } catch (problem) {
      // The table twin says the same as the picture: open it.
      console.error(problem);
      canvas.hidden = true;
      figure.querySelector("details.twin")?.setAttribute("open", "");
    }
  };
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => window.echarts?.getInstanceByDom(target)?.resize()));
  const inView = new IntersectionObserver((entries) => entries.filter((it) => it.isIntersecting).forEach(({ target }) => {
    inView.unobserve(target);
    resized.observe(target.querySelector(".canvas"));
    drawChart(target);
  }), { rootMargin: "400px" });
  const findCharts = (from) => all("figure.chart[data-option]:not([data-drawn])", from).forEach((it) => inView.observe(it));
  const drawCharts = () => all("figure.chart[data-drawn]").forEach(drawChart);
  addEventListener("beforeprint", () => all("figure.chart[data-option]:not([data-drawn])").forEach(drawChart));

  // ---- dialogs ------------------------------------------------------------------------------------------------------

  const openDialog = (dialog) => {
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    return dialog;
  };

  /** Asks once more before something that cannot be taken back, in the words of the page. */
  const ask = (question, act, danger, yes) => {
    const heading = make("h2", { id: "ask-heading" }, question);
    const confirm = make("button", { class: danger ? "btn danger" : "btn primary", value: "yes" }, act);
    const dialog = openDialog(make("dialog", { "aria-labelledby": "ask-heading" },
      make("form", { method: "dialog" }, heading, make("div", { class: "form-foot" }, make("button", { class: "btn", value: "no", autofocus: true }, "Cancel"), confirm))));
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && yes());
  };
  const confirmed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asker = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asker.dataset.confirm || confirmed.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    ask(asker.dataset.confirm, button?.textContent.trim() || "Go on", button?.classList.contains("danger"), () => {
      confirmed.add(form);
      form.requestSubmit(button);
      confirmed.delete(form);
    });
  }, true);

  // ---- palette --------------------------------------------------------------------------------------------------------

  const openPalette = () => {
    if (document.querySelector("dialog[open]")) return;
    const list = make("ul", { id: "palette-list", role: "listbox", "aria-label": "Found" });
    const said = make("p", { role: "status" });
    const input = make("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": "Find a page or a record", placeholder: "Find a page or a record", autocomplete: "off", spellcheck: "false" });
    let chosen = -1, asked = null, wait = 0, shown = null, opening = false;
    const choose = (index) => {
      const options = all("li", list);
      if (!options.length) { chosen = -1; input.removeAttribute("aria-activedescendant"); return }
      chosen = (index + options.length) % options.length;
      options.forEach((it, at) => it.setAttribute("aria-selected", String(at === chosen)));
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const open = () => {
      const option = all("li", list)[chosen];
      if (option) location.assign(option.dataset.url);
    };
    const find = async () => {
      const wanted = input.value;
      clearTimeout(wait);
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`/palette?q=${encodeURIComponent(wanted)}`, { signal: asked.signal, headers: { accept: "application/json" } });
        if (!answer.ok) throw new Error(`the palette answered ${answer.status}`);
        const found = await answer.json();
        list.replaceChildren(...found.map((it, at) => make("li", { id: `palette-${at}`, role: "option", "aria-selected": "false", "data-url": it.url, onclick: () => location.assign(it.url) }, make("span", {}, it.title), make("small", {}, it.kind))));
        said.textContent = found.length ? "Arrow keys to choose, Enter to open, Esc to close" : `Nothing is called “${wanted}”`;
        shown = wanted;
        choose(0);
        if (opening) open();
        opening = false;
      } catch (problem) {
        if (problem.name === "AbortError") return;
        list.replaceChildren();
        opening = false;
        said.textContent = "The server does not answer. Try again.";
      }
    };
    input.addEventListener("input", () => { opening = false; clearTimeout(wait); wait = setTimeout(find, 60) });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); choose(chosen + step) }
      else if (event.key === "Enter") {
        event.preventDefault();
        if (shown === input.value) return open();
        // What is listed belongs to what was typed before: open once the answer is here.
        opening = true;
        find();
      }
    });
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    icon.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    icon.firstChild.setAttribute("href", "/assets/icons.svg#search");
    openDialog(make("dialog", { class: "palette", "aria-label": "Find" }, make("label", {}, icon, input), list, said));
    input.focus();
    find();
  };

  // ---- keys: single letters can be turned off in the help dialog (WCAG 2.1.4) ------------------------------------------

  const lettersOn = () => recall(localStorage, "letters") !== "off";
  /** g and the first letter of an entry at the top of the navigation. */
  const places = () => {
    const found = new Map();
    for (const link of all(".nav-menu > ul:first-of-type a")) {
      const letter = link.textContent.trim()[0]?.toLowerCase();
      if (letter && !found.has(letter)) found.set(letter, link);
    }
    return found;
  };
  const openHelp = () => {
    if (document.querySelector("dialog[open]")) return;
    const rows = [["Ctrl K", "Find a page or a record"], ["/", "Go to the search field"], ["?", "This list"], ...[...places()].map(([letter, link]) => [`g ${letter}`, link.textContent.trim()])];
    const box = make("input", { type: "checkbox", onchange: () => remember(localStorage, "letters", box.checked ? null : "off") });
    box.checked = lettersOn();
    openDialog(make("dialog", { "aria-labelledby": "help-heading" }, make("div", { class: "stack" },
      make("h2", { id: "help-heading" }, "Keys"),
      make("dl", { class: "shortcuts" }, ...rows.flatMap(([keys, what]) => [make("dt", {}, ...keys.split(" ").flatMap((key) => [make("kbd", {}, key), " "])), make("dd", {}, what)])),
      make("label", { class: "check" }, box, make("span", {}, "Keys without Ctrl", make("small", {}, "Turn them off if you dictate or press keys by accident."))),
      make("form", { class: "form-foot", method: "dialog" }, make("button", { class: "btn" }, "Close")))));
  };
  let pending = 0; // when g was pressed
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k" && document.body.matches(".app")) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.key === "Escape") closeMenus(document.activeElement);
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, dialog, [contenteditable]") || !document.body.matches(".app") || !lettersOn()) return;
    const quick = event.timeStamp - pending < 1200;
    pending = 0;
    if (quick) {
      const link = places().get(event.key.toLowerCase());
      if (link) { event.preventDefault(); link.click() }
    } else if (event.key === "g") pending = event.timeStamp;
    else if (event.key === "?") { event.preventDefault(); openHelp() }
    else if (event.key === "/") {
      event.preventDefault();
      const field = document.querySelector("main input[type=search]");
      field ? field.focus() : openPalette();
    }
  });

  // ---- menus --------------------------------------------------------------------------------------------------------

  const closeMenus = (inside) => all("details.menu[open], details.nav-toggle[open]").forEach((it) => {
    if (!inside || !it.contains(inside)) return;
    it.open = false;
    it.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((it) => { if (!it.contains(event.target)) it.open = false });
    const at = event.target.closest?.("[data-palette], [data-theme-toggle], [data-print], [data-keys]");
    if (!at) return;
    if (at.matches("[data-palette]")) { event.preventDefault(); openPalette() }
    else if (at.matches("[data-theme-toggle]")) toggleTheme();
    else if (at.matches("[data-keys]")) openHelp();
    else print();
  });

  // ---- forms: what was typed is never lost ------------------------------------------------------------------------------

  const kept = (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type);
  const values = (form) => [...form.elements].filter(kept).map((it) => [it.name, ["checkbox", "radio"].includes(it.type) ? [it.value, it.checked] : it.value]);
  const fill = (form, saved) => {
    const fields = [...form.elements].filter(kept);
    saved.forEach(([name, value], at) => {
      const field = fields[at];
      if (field?.name !== name) return; // the form has changed since: better leave it
      if (Array.isArray(value)) { if (field.value === value[0]) field.checked = value[1] }
      else field.value = value;
    });
  };
  const draftKey = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
  const unsaved = new Set();
  addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());

  const keepDraft = (form) => {
    const key = draftKey(form);
    const stored = recall(sessionStorage, key);
    const draft = stored && JSON.parse(stored);
    const drawn = values(form);
    // What the form shows by now was saved, and is no draft any more.
    if (draft?.sent && JSON.stringify(draft.values) === JSON.stringify(drawn)) remember(sessionStorage, key, null);
    if (draft && JSON.stringify(draft.values) !== JSON.stringify(drawn)) {
      const notice = make("p", { class: "flash", role: "status" });
      const drop = () => { remember(sessionStorage, key, null); fill(form, drawn); notice.remove() };
      const restore = () => {
        fill(form, draft.values);
        notice.replaceChildren(make("span", {}, `What you wrote at ${draft.at} is back in the form; it is not saved yet.`), make("button", { class: "link", type: "button", onclick: drop }, "Drop it"));
      };
      // What was sent may well have been saved: then it is offered, not put back.
      if (draft.sent) notice.replaceChildren(make("span", {}, `What you wrote at ${draft.at} is still here.`), make("button", { class: "link", type: "button", onclick: restore }, "Bring it back"));
      else restore();
      form.prepend(notice);
    }
    const save = (sent) => remember(sessionStorage, key, JSON.stringify({ values: values(form), at: new Date().toTimeString().slice(0, 5), sent }));
    form.addEventListener("input", () => save(false));
    form.addEventListener("submit", () => save(true));
  };
  /** A draft that was sent, and whose form did not come back, has arrived. */
  const dropArrivedDrafts = () => {
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus;
    if (status >= 400 || document.body.matches(".alone")) return;
    const here = all("form[data-draft]").map(draftKey);
    try {
      for (const key of Object.keys(sessionStorage)) {
        if (key.startsWith("draft:") && !here.includes(key) && JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
      }
    } catch { /* no store, no drafts */ }
  };
  const prepareForms = (from) => {
    all("form[data-draft]", from).forEach(keepDraft);
    all("form[data-guard]", from).forEach((form) => {
      form.addEventListener("input", () => unsaved.add(form));
      form.addEventListener("submit", () => unsaved.delete(form));
    });
    all(".filedrop", from).forEach((zone) => {
      const input = zone.querySelector("input[type=file]");
      const over = (event) => { event.preventDefault(); zone.classList.add("over") };
      const leave = () => zone.classList.remove("over");
      zone.addEventListener("dragover", over);
      zone.addEventListener("dragleave", leave);
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        leave();
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  };

  // ---- wide tables on a phone: each cell says the heading of its column, and the style sheet stacks the cells of a row --------

  // What is no longer drawn as a table stops being one for a screen reader, unless its roles are written out.
  const stackTables = (from) => all("table.blocks:not([role])", from).forEach((table) => {
    const wide = (cells) => [...cells].flatMap((it) => Array(it.colSpan).fill(it));
    const said = (it) => it.textContent.replace(/\s+/g, " ").trim();
    const heads = wide(table.tHead?.rows[0]?.cells ?? []).map(said);
    const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };
    [table, ...all("thead, tbody, tfoot, tr, td, th", table)].forEach((it) => {
      it.setAttribute("role", roles[it.tagName] ?? (it.scope === "col" ? "columnheader" : "rowheader"));
    });
    all("tbody > tr, tfoot > tr", table).forEach((row) => wide(row.cells).forEach((cell, at) => {
      if (cell.colSpan > 1) return;
      if (heads[at]) cell.dataset.label ??= heads[at];
      cell.classList.toggle("void", ["", "–"].includes(said(cell)) && !cell.querySelector("input, select, button, a, svg"));
    }));
  });

  // ---- parts that htmx brings anew ----------------------------------------------------------------------------------------

  // htmx keeps the focus on what has an id; anything else is looked for by what it says, so that nobody starts from the top.
  let focused = null, opened = [];
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const at = document.activeElement;
    opened = all("details", detail.target).map((it) => it.open);
    focused = detail.target.contains(at) && at !== detail.target ? at.cloneNode(true) : null;
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    all("details", detail.elt).forEach((it, at) => { it.open ||= !!opened[at] });
    if (focused && document.activeElement === document.body) {
      (all(focused.tagName).find((it) => it.isEqualNode(focused)) ?? document.querySelector("main")).focus();
    }
    focused = null;
  });

  // ---- the accountability matrix: a grid of letters. A key is sent with what was in the cell; the server decides what it makes
  // of it, and says so when somebody else was quicker --------------------------------------------------------------------------

  const editMatrix = (part) => {
    const grid = part.querySelector("[data-grid]");
    const cells = (row) => all("td[data-role]", row);
    const rows = () => all("tbody tr[data-row]", grid);
    const find = ({ row, role }) => grid.querySelector(`tr[data-row="${CSS.escape(row)}"] td[data-role="${CSS.escape(role)}"]`);
    const place = (td) => ({ row: td.parentElement.dataset.row, role: td.dataset.role });
    let here = null, chain = Promise.resolve();
    const choose = (td, focus) => {
      all("td.here", grid).forEach((it) => { it.classList.remove("here"); it.tabIndex = -1 });
      td.classList.add("here");
      td.tabIndex = 0;
      here = place(td);
      if (focus) td.focus();
    };
    const prepare = (focus) => {
      grid.querySelector("table.raci")?.setAttribute("role", "grid");
      const said = grid.querySelector("[data-finding]"), heading = document.getElementById("finding");
      if (said && heading.textContent !== said.dataset.finding) heading.textContent = said.dataset.finding;
      all("tbody td[data-role]", grid).forEach((td) => { td.setAttribute("role", "gridcell"); td.tabIndex = -1 });
      const td = (here && find(here)) ?? cells(grid)[0];
      if (td) choose(td, focus);
    };
    const press = (td, key) => {
      const at = place(td);
      td.textContent = key;
      td.classList.add("saving");
      chain = chain.then(async () => {
        // What was there is read when it is this key's turn: the one before may have changed it.
        const sent = new URLSearchParams({ role: at.role, key, was: find(at)?.dataset.letter ?? "", part: "yes" });
        const had = grid.contains(document.activeElement);
        let answer = null;
        try { answer = await fetch(`/raci/${at.row}/cell${part.dataset.raci}`, { method: "POST", body: sent }) } catch { /* said below */ }
        if (answer && (answer.ok || answer.status === 409)) {
          const frame = grid.querySelector(".table-frame"), scrolled = [frame?.scrollLeft ?? 0, frame?.scrollTop ?? 0];
          grid.innerHTML = await answer.text();
          const fresh = grid.querySelector(".table-frame");
          if (fresh) [fresh.scrollLeft, fresh.scrollTop] = scrolled;
          prepare(had);
        } else {
          const old = find(at);
          if (old) { old.textContent = old.dataset.letter; old.classList.remove("saving") }
          const said = make("p", { class: "flash bad", role: "alert" }, "This letter was not saved: the server does not answer. Try again, or load the page anew.");
          grid.prepend(said);
        }
      });
    };
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    grid.addEventListener("keydown", (event) => {
      const td = event.target.closest("td[role=gridcell]");
      if (!td || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toUpperCase(), clears = ["Delete", "Backspace"].includes(event.key);
      const row = td.parentElement, column = cells(row).indexOf(td), at = rows().indexOf(row);
      let to = null;
      if (step[event.key]) to = cells(rows()[at + step[event.key][0]] ?? row)[column + step[event.key][1]];
      else if (event.key === "Home") to = cells(row)[0];
      else if (event.key === "End") to = cells(row).at(-1);
      else if (["R", "A", "C", "I"].includes(key) || clears) press(td, clears ? "" : key);
      else return;
      event.preventDefault();
      event.stopPropagation();
      if (to) choose(to, true);
    });
    grid.addEventListener("click", (event) => { const td = event.target.closest("td[role=gridcell]"); if (td) choose(td, true) });
    part.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-key]"), td = here && find(here);
      if (button && td) press(td, button.dataset.key);
    });
    prepare(false);
  };

  // ---- start, and again for each part that htmx brings -------------------------------------------------------------------

  const start = (from) => { findCharts(from); stackTables(from); prepareForms(from) };
  dropArrivedDrafts();
  start(document);
  all("[data-raci]").forEach(editMatrix);
  nameToggles();
  document.querySelector(".faults[tabindex]")?.focus();
  document.addEventListener("htmx:load", (event) => event.target !== document.body && start(event.target));
})();

"use strict";
(() => {
  const $ = (query, root = document) => root.querySelector(query);
  const $$ = (query, root = document) => Array.from(root.querySelectorAll(query));
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.append(...children);
    return node;
  };
  // What is said here, by `page.py` in the language of the page, with its places in braces.
  const words = {/* words */};
  const told = (name, places) => words[name].replace(/{(\w+)}/g, (_, place) => places[place]);
  const tongue = document.documentElement.lang;
  const say = (text) => { $("#said").textContent = text; };
  const copy = (text, done) => {
    const old = () => {
      const area = make("textarea", { "aria-hidden": "true" });
      area.value = text;
      (dialog.open ? dialog : document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    };
    const finish = () => say(done);
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(finish, () => { old(); finish(); });
    else { old(); finish(); }
  };
  const here = () => location.href.split("#")[0];
  const dialog = $("#passage");

  // A link into a folded part opens it, also in browsers that do not do so themselves.
  const reveal = (node) => {
    for (let box = node && node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  const follow = () => {
    if (location.hash.startsWith("#view?")) { restore(location.hash.slice(6)); return; }
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* a stray %: no address of ours, taken as it stands */ }
    const node = document.getElementById(name);
    if (node) { reveal(node); node.scrollIntoView(); }
  };

  // Each statement can be cited and linked; the buttons are made when its project is opened.
  const cited = (entry) => {
    const from = $(".from", entry);
    const link = $("a", from);
    const reference = link && $(link.getAttribute("href"));
    const quote = $("blockquote", entry);
    const said = quote ? `“${quote.textContent.trim()}” ` : "";
    return `${said}(${from.textContent.trim()}).${reference ? " " + reference.textContent.trim() : ""}`;
  };
  const equip = (root) => $$(".entry", root).forEach((entry) => {
    if ($("button", entry)) return;
    const line = $(".no", entry).textContent;
    entry.append(make("p", {}, make("button", { type: "button", "data-do": "cite" }, words.copy_citation), " ",
      make("button", { type: "button", "data-do": "passage", "data-line": line }, words.copy_link)));
  });
  document.addEventListener("toggle", (event) => { if (event.target.open && event.target.matches(".project")) equip(event.target); }, true);
  $$(".project[open]").forEach(equip);

  // The passages of a cell, opened in place.
  const opened = (title, body) => {
    $("h2", dialog).textContent = title;
    $(".body", dialog).replaceChildren(body);
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  const show = (entry) => {
    const group = entry.closest(".group");
    const body = group.cloneNode(true);
    const target = body.querySelector("#" + CSS.escape(entry.id));
    target.classList.add("target");
    target.parentElement.prepend(target);
    [body, ...$$("[id]", body)].forEach((node) => node.removeAttribute("id"));
    $("h4,h5", body).remove();
    body.removeAttribute("aria-label");
    equip(body);
    opened(group.dataset.title, body);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) { act(button); return; }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href^='#e']");
    const entry = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!entry || !entry.matches(".entry") || entry.contains(link)) return;
    if (dialog.open) dialog.close();
    event.preventDefault();
    show(entry);
  });
  $("header button", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    const link = event.target.closest("a[href^='#']");
    if (link && !link.getAttribute("href").startsWith("#e")) dialog.close();
  });

  // The matrix: rows, the names in them, and in which years each stands.
  const rows = $$("#matrices tr[data-n]").map((node) => ({
    node, label: $("bdi", node).textContent, home: node.parentElement, place: [...node.parentElement.children].indexOf(node),
    window: (node.dataset.w || "").split("-").map(Number),
    cells: $$("td:not(.num)", node).map((td) => ({ td, chips: $$(".chip", td).map((chip) => ({
      node: chip, text: plain(chip.textContent), origin: (chip.className.match(/\bo\d+\b/) || [""])[0],
      spans: (chip.dataset.y || "").split(" ").filter(Boolean).map((span) => span.split("-").map(Number)) })) })),
    text: "" }));
  rows.forEach((row) => { row.text = plain(row.node.dataset.s + " " + row.label + " " + row.node.textContent); });
  const within = (chip, year) => chip.spans.some(([first, last = first]) => first <= year && year <= last);
  const state = { q: "", y: 0, off: new Set(), pick: [], sort: "" };
  const tools = $("#tools");
  const range = $("input[type=range]", tools);
  const field = $("input[type=search]", tools);

  const names = (cell, year) => cell.chips.filter((chip) => !year || within(chip, year)).map((chip) => chip.text).sort().join("|");
  const update = () => {
    const asked = plain(state.q).split(/\s+/).filter(Boolean);
    const years = asked.filter((word) => /^(19|20)\d\d$/.test(word)).map(Number);
    const beside = plain(words.year_words).split(" ");
    const rest = asked.filter((word) => !/^(19|20)\d\d$/.test(word) && !(years.length && beside.includes(word)));
    let shown = 0;
    let changed = 0;
    rows.forEach((row) => {
      const chips = row.cells.flatMap((cell) => cell.chips);
      const mine = chips.filter((chip) => rest.some((word) => chip.text.includes(word)));
      const found = rest.every((word) => row.text.includes(word)) && years.every((year) =>
        (mine.length ? mine : chips).some((chip) => within(chip, year)));
      row.node.hidden = !found;
      shown += found ? 1 : 0;
      const beyond = state.y > 0 && !(row.window[0] <= state.y && state.y <= row.window[row.window.length - 1]);
      row.node.classList.toggle("beyond", beyond);
      row.cells.forEach((cell) => {
        let here = 0;
        cell.chips.forEach((chip) => {
          const gone = (state.y > 0 && !within(chip, state.y)) || state.off.has(chip.origin);
          chip.node.classList.toggle("off", gone);
          chip.node.classList.toggle("hit", rest.length > 0 && found && mine.includes(chip));
          here += gone ? 0 : 1;
        });
        cell.td.classList.toggle("empty", cell.chips.length > 0 && (here === 0 || beyond));
        const differs = state.y > row.window[0] && !beyond && names(cell, state.y) !== names(cell, state.y - 1);
        cell.td.classList.toggle("changed", differs);
        changed += differs && found ? 1 : 0;
      });
    });
    $$("#matrices tr.type").forEach((head) => {
      head.hidden = asked.length > 0 && !$$("tr[data-n]", head.parentElement).some((node) => !node.hidden);
    });
    $$("#matrices details").forEach((box) => {
      const any = $$("tr[data-n]", box).some((node) => !node.hidden);
      if (asked.length) { if (box.dataset.was === undefined) box.dataset.was = box.open ? "1" : ""; box.open = any; box.hidden = !any; }
      else if (box.dataset.was !== undefined) { box.open = box.dataset.was === "1"; delete box.dataset.was; box.hidden = false; }
    });
    const parts = asked.length ? [told("projects", { n: shown, all: rows.length })] : [];
    if (state.y) parts.push(told(changed === 1 ? "changed_one" : "changed", { year: state.y, n: changed, before: state.y - 1 }));
    $(".found", tools).textContent = parts.join(" · ");
    if (range) $("output", tools).textContent = state.y ? String(state.y) : words.any;
    $("[data-do=compare]", tools).disabled = state.pick.length !== 2;
    const query = new URLSearchParams();
    if (state.q.trim()) query.set("q", state.q.trim());
    if (state.y) query.set("y", state.y);
    if (state.off.size) query.set("off", [...state.off].sort().join(","));
    state.pick.forEach((name) => query.append("pick", name));
    if (state.sort) query.set("sort", state.sort);
    state.link = query.toString() ? "#view?" + query : "#matrix";
  };
  const restore = (text) => {
    const query = new URLSearchParams(text);
    state.q = query.get("q") || "";
    state.y = Number(query.get("y")) || 0;
    state.off = new Set((query.get("off") || "").split(",").filter(Boolean));
    state.pick = query.getAll("pick").slice(0, 2);
    field.value = state.q;
    if (range) range.value = state.y || range.min;
    $$(".origins button").forEach((button) => button.setAttribute("aria-pressed", String(!state.off.has(button.dataset.o))));
    $$(".pick input").forEach((box) => { box.checked = state.pick.includes(box.value); });
    order(query.get("sort") || "");
    update();
    $("#matrix").scrollIntoView();
    if (state.pick.length === 2) side();
  };

  // Sort: by name, by origin of the holders, by number; a third time as it was.
  const weight = (row, column) => {
    const cell = row.cells[column - 1];
    if (column === 0) return row.label;
    if (!cell) return Number($("td.num", row.node).textContent);
    const seen = cell.chips.filter((chip) => !chip.node.classList.contains("off")).map((chip) => chip.origin || "p");
    return seen.length ? seen.sort().join("") : "~";
  };
  const order = (sort) => {
    state.sort = sort;
    const [column, down] = sort ? [parseInt(sort, 10), sort.endsWith("d")] : [null, false];
    $$("#matrices thead").forEach((head) => $$("th", head).forEach((th, at) => {
      if (at === column) th.setAttribute("aria-sort", down ? "descending" : "ascending"); else th.removeAttribute("aria-sort");
    }));
    const keyed = rows.map((row) => [row, column === null ? row.place : weight(row, column)]);
    keyed.sort(([, a], [, b]) => {
      if (a === "~" || b === "~") return (a === "~") - (b === "~");
      return (down ? -1 : 1) * (typeof a === "number" ? a - b : a.localeCompare(b, tongue));
    });
    keyed.forEach(([row]) => row.home.append(row.node));
  };
  const next = (sort, column) => (sort === String(column) ? `${column}d` : sort === `${column}d` ? "" : String(column));

  // Two projects side by side.
  const side = () => {
    const [one, other] = state.pick.map((name) => rows.find((row) => row.label === name));
    if (!one || !other) return;
    const heads = $$("#matrices thead")[0].rows[0].cells;
    const body = make("tbody");
    one.cells.forEach((cell, at) => {
      const pair = [cell, other.cells[at]].map(({ td }) => {
        const copied = make("td");
        copied.append(...[...td.childNodes].map((node) => node.cloneNode(true)));
        if (td.classList.contains("empty")) copied.append("–");
        return copied;
      });
      const origins = [cell, other.cells[at]].map(({ chips }) => [...new Set(chips.filter((chip) => !chip.node.classList.contains("off"))
        .map((chip) => chip.origin))].sort().join());
      const said = !origins[0] || !origins[1] ? "unknown" : origins[0] === origins[1] ? "same" : "differs";
      body.append(make("tr", { class: said === "same" ? "same" : "" }, make("th", { scope: "row" },
        heads[at + 1].firstChild.textContent.trim()), ...pair, make("td", { class: said === "differs" ? "differ" : "detail" }, words[said])));
    });
    const head = make("tr", {}, ...[words.phase, one.label, other.label, words.origins].map((text) => make("th", { scope: "col" }, text)));
    opened(new Intl.ListFormat(document.documentElement.lang).format([one.label, other.label]), make("table", { class: "pair" }, make("thead", {}, head), body));
  };

  if (tools) {
    tools.hidden = false;
    field.addEventListener("input", () => { state.q = field.value; update(); });
    if (range) range.addEventListener("input", () => {
      state.y = Number(range.value) > Number(range.min) ? Number(range.value) : 0;
      range.setAttribute("aria-valuetext", state.y ? String(state.y) : words.any);
      update();
    });
    $$(".origins li[data-o]").forEach((item) => {
      const button = make("button", { type: "button", "aria-pressed": "true", "data-o": item.dataset.o }, ...item.childNodes);
      item.append(button);
      button.addEventListener("click", () => {
        const gone = state.off.has(item.dataset.o);
        if (gone) state.off.delete(item.dataset.o); else state.off.add(item.dataset.o);
        button.setAttribute("aria-pressed", String(gone));
        update();
      });
    });
    if (rows.length > 1) rows.forEach((row) => {
      const box = make("input", { type: "checkbox", value: row.label, "aria-label": told("compare_one", { project: row.label }) });
      box.addEventListener("change", () => {
        state.pick = box.checked ? [...state.pick, row.label].slice(-2) : state.pick.filter((name) => name !== row.label);
        $$(".pick input").forEach((other) => { other.checked = state.pick.includes(other.value); });
        update();
      });
      $("th", row.node).append(make("span", { class: "pick" }, box, make("span", { "aria-hidden": "true" }, words.compare)));
    });
    else $("[data-do=compare]").hidden = true;
    $$("#matrices table.matrix").forEach((table) => $$("thead th", table).forEach((head, column) => {
      const name = head.firstChild.textContent.trim();
      head.append(make("button", { type: "button", "aria-label": told("sort", { name }) }));
      head.addEventListener("click", () => { order(next(state.sort, column)); update(); });
    }));
    update();
  }
  const act = (button) => {
    const what = button.dataset.do;
    if (what === "compare") side();
    if (what === "link") { copy(here() + state.link, words.link); history.replaceState(null, "", state.link); }
    if (what === "reset") restore("");
    if (what === "cite") copy(cited(button.closest(".entry")), words.citation);
    if (what === "passage") copy(`${here()}#e${button.dataset.line}`, words.link);
    if (what === "svg" || what === "png") save(button.closest(".exported"), what);
  };

  // Arrow keys move between the cells of the matrix.
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const seen = (query, root) => $$(query, root).filter((node) => node.checkVisibility());
  const beside = (cell, down, right) => {
    const lines = $$("tr[data-n]:not([hidden])", cell.closest("table"));
    let row = lines.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += down;
      column += right;
      const near = lines[row] && lines[row].cells[column];
      if (!near) return null;
      const [link] = seen("td a", near);
      if (link) return link;
    }
  };
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("table.matrix td a");
    if (!link || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const [down, right] = moves[event.key];
    const links = seen("a", link.closest("td"));
    const near = down ? links[links.indexOf(link) + down] : null;
    const target = near || beside(link.closest("td"), down, right);
    if (target) { event.preventDefault(); target.focus(); target.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });

  // The register: statements that do not contain every word are hidden.
  $$(".tools[data-filter]").forEach((bar) => {
    bar.hidden = false;
    const root = document.getElementById(bar.dataset.filter);
    const items = $$(".entry", root).map((node) => [node, plain(node.textContent + " " + node.closest(".group").dataset.title)]);
    let before = null;
    $("input", bar).addEventListener("input", (event) => {
      const asked = plain(event.target.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      items.forEach(([node, text]) => { node.hidden = !asked.every((word) => text.includes(word)); shown += node.hidden ? 0 : 1; });
      const boxes = $$("details", root);
      if (asked.length && before === null) before = boxes.map((box) => box.open);
      boxes.forEach((box, at) => {
        const found = Boolean($(".entry:not([hidden])", box));
        box.hidden = asked.length > 0 && !found;
        box.open = asked.length ? found : before ? before[at] : box.open;
      });
      $$(".group", root).forEach((group) => { group.hidden = asked.length > 0 && !$(".entry:not([hidden])", group); });
      if (!asked.length) before = null;
      $("[role=status]", bar).textContent = asked.length ? told("statements", { n: shown, all: items.length }) : "";
    });
  });

  // Sort the other tables: a column of numbers where its head says so, or every cell that says anything begins with one.
  const spoken = (cell) => (cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim());
  const number = (text) => {
    const english = words.comma === "," ? text.replace(/[.,]/g, (mark) => (mark === "," ? "." : ",")) : text;
    const found = english.replace(/−/g, "-").replace(/,(?=\d{3})/g, "").match(/^-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : NaN;
  };
  const silent = (text) => text === "" || text.startsWith("–");
  $$("table.sortable").forEach((table) => $$("thead th", table).forEach((head, column) => {
    if (head.classList.contains("plain")) return;
    head.append(make("button", { type: "button", "aria-label": told("sort", { name: head.textContent.trim() }) }));
    head.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      $$("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const lines = [...table.tBodies[0].rows].map((row) => [row, spoken(row.cells[column])]);
      const numeric = lines.every(([, text]) => silent(text) || !Number.isNaN(number(text))) || head.classList.contains("num");
      // Numbers, then words (yes, no), then what says nothing, whatever the direction.
      const kind = (text) => (silent(text) ? 2 : numeric && Number.isNaN(number(text)) ? 1 : 0);
      lines.sort(([, a], [, b]) => kind(a) - kind(b) || (down ? -1 : 1) * ((numeric && kind(a) === 0 && number(a) - number(b))
        || a.localeCompare(b, tongue, { numeric: true })));
      table.tBodies[0].append(...lines.map(([row]) => row));
    });
  }));

  // Save a figure: the drawing with the look it has here, as SVG or, through a canvas, as PNG.
  const looks = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor"];
  const drawn = (figure) => {
    const source = $("svg.figure", figure);
    const copied = source.cloneNode(true);
    const [x, y, width, height] = source.getAttribute("viewBox").split(" ").map(Number);
    const defs = $("#hatches").cloneNode(true);
    const dress = (from, to) => looks.forEach((name) => {
      const value = getComputedStyle(from).getPropertyValue(name);
      if (value && !to.getAttribute(name)?.startsWith("url")) to.setAttribute(name, value);
    });
    $$("*", source).forEach((node, at) => dress(node, $$("*", copied)[at]));
    $$("path", $("#hatches")).forEach((node, at) => dress(node, $$("path", defs)[at]));
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    Object.entries({ x, y, width, height, fill: getComputedStyle(document.body).backgroundColor }).forEach(([name, value]) => paper.setAttribute(name, value));
    copied.prepend(defs, paper);
    $$("[class]", copied).forEach((node) => node.removeAttribute("class"));
    $$("a", copied).forEach((node) => node.removeAttribute("href"));
    copied.removeAttribute("class");
    copied.setAttribute("width", width);
    copied.setAttribute("height", height);
    copied.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return [new XMLSerializer().serializeToString(copied), width, height];
  };
  const give = (href, name) => { const link = make("a", { href, download: name }); document.body.append(link); link.click(); link.remove(); };
  const save = (figure, kind) => {
    const [text, width, height] = drawn(figure);
    const address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    if (kind === "svg") { give(address, `${figure.dataset.name}.svg`); return; }
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = make("canvas", { width: width * 3, height: height * 3 });
      canvas.getContext("2d").drawImage(image, 0, 0, width * 3, height * 3);
      give(canvas.toDataURL("image/png"), `${figure.dataset.name}.png`);
    });
    image.src = address;
  };
  $$(".exported").forEach((figure) => figure.append(make("p", { class: "save" },
    make("button", { type: "button", "data-do": "svg" }, "SVG"), make("button", { type: "button", "data-do": "png" }, "PNG"))));

  addEventListener("hashchange", follow);
  if (location.hash) follow();
})();

"use strict";
(() => {
  const $ = (query, root = document) => root.querySelector(query);
  const $$ = (query, root = document) => Array.from(root.querySelectorAll(query));
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  // A link into a folded part opens it, also in browsers that do not do so themselves.
  const reveal = (node) => {
    for (let box = node && node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  const follow = () => {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (node) { reveal(node); node.scrollIntoView(); }
  };
  addEventListener("hashchange", follow);
  if (location.hash) follow();

  // Printing opens everything and closes again what was closed.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = $$("details:not([open])");
    folded.forEach((box) => { box.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((box) => { box.open = false; }); folded = []; });

  // The passages of a cell, opened in place.
  const dialog = $("#passage");
  const open = (entry) => {
    const group = entry.closest(".group");
    const copy = group.cloneNode(true);
    const target = copy.querySelector("#" + CSS.escape(entry.id));
    target.classList.add("target");
    target.parentElement.prepend(target);
    [copy, ...$$("[id]", copy)].forEach((node) => node.removeAttribute("id"));
    $$(".nav-back", copy).forEach((node) => node.remove());
    $("h4,h5", copy).remove();
    $("h2", dialog).textContent = group.dataset.title;
    $(".body", dialog).replaceChildren(copy);
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  if (dialog && dialog.showModal) {
    document.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest("a[href^='#e']");
      if (dialog.open && event.target.closest("dialog a")) dialog.close();
      if (!link || link.closest("dialog, .entry")) return;
      const entry = document.getElementById(link.hash.slice(1));
      if (!entry || !entry.closest(".group")) return;
      event.preventDefault();
      open(entry);
    });
    $("button", dialog).addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  // Arrow keys move between the cells of the matrix.
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const beside = (cell, down, right) => {
    const rows = $$("tbody tr:not([hidden])", cell.closest("table"));
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += down;
      column += right;
      const next = rows[row] && rows[row].cells[column];
      if (!next) return null;
      const link = $("a", next);
      if (link) return link;
    }
  };
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("table.matrix td a");
    if (!link || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const [down, right] = moves[event.key];
    const near = down === 1 ? link.nextElementSibling : down === -1 ? link.previousElementSibling : null;
    const next = near && near.matches("a") ? near : beside(link.closest("td"), down, right);
    if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });

  // Filter: rows and statements that do not contain every word are hidden.
  $$(".tools[data-filter]").forEach((tools) => {
    tools.hidden = false;
    const root = document.getElementById(tools.dataset.filter);
    const items = $$(tools.dataset.items, root).map((node) => [node, plain(
      node.textContent + " " + (node.closest("[data-title]") ? node.closest("[data-title]").dataset.title : ""))]);
    const status = $("[role=status]", tools);
    let before = null;
    $("input", tools).addEventListener("input", (event) => {
      const words = plain(event.target.value).split(/\s+/).filter(Boolean);
      const has = (text) => words.every((word) => text.includes(word));
      let shown = 0;
      items.forEach(([node, text]) => { node.hidden = !has(text); shown += node.hidden ? 0 : 1; });
      $$("a.chip", root).forEach((chip) => chip.classList.toggle("hit", words.length > 0 && has(plain(chip.textContent))));
      const boxes = $$("details", root);
      if (words.length && before === null) before = boxes.map((box) => box.open);
      boxes.forEach((box, at) => {
        const found = items.some(([node]) => !node.hidden && box.contains(node));
        box.hidden = words.length > 0 && !found;
        box.open = words.length ? found : before ? before[at] : box.open;
      });
      $$(".group", root).forEach((group) => { group.hidden = words.length > 0 && !$(".entry:not([hidden])", group); });
      if (!words.length) before = null;
      status.textContent = words.length ? `${shown} of ${items.length} ${tools.dataset.unit}` : "";
    });
  });

  // Sort: a button in each column head.
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
  };
  $$("table.sortable").forEach((table) => {
    $$("thead th", table).forEach((head, column) => {
      if (head.classList.contains("plain")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `Sort by ${head.textContent.trim()}`);
      head.append(button);
      head.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        $$("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = down ? -1 : 1;
        const rows = $$("tbody tr", table).map((row) => [row, key(row, column)]);
        const number = (text) => (text === "" ? NaN : Number(text.replace("−", "-").replace(/[%,]/g, "")));
        rows.sort(([, a], [, b]) => {
          const x = number(a), y = number(b);
          if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
          return sign * (Number.isNaN(x) ? a.localeCompare(b, "en") : x - y);
        });
        table.tBodies[0].append(...rows.map(([row]) => row));
      });
    });
  });
})();

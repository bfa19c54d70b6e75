/** Draws the flame graph in the browser; the page that it is part of holds the data. @module */
(() => {
  const ROW = 21;
  const FONT = "12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
  const PADDING = 5;
  const HUES = { app: 28, package: 130, deno: 212, native: 265, gc: 350 };
  const [canvas, tip, search, found, whole] = ["graph", "tip", "search", "found", "whole"]
    .map((id) => document.getElementById(id));
  const context = canvas.getContext("2d");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const { bytes, threads } = JSON.parse(document.getElementById("data").textContent);
  const roots = threads.map(({ frames, root }) => unpack(root, frames));
  let root = roots[0];
  /** Node that has the whole width. */
  let zoomed = root;
  let hovered;
  let query = "";
  /** What was drawn, by row: nodes with their left and right edges. */
  let rows = [];

  function unpack([frame, self, children], frames, parent = null) {
    const [name, place, kind] = frames[frame];
    const node = { name, place, kind, self, total: self, parent, depth: parent ? parent.depth + 1 : 0 };
    node.children = children.map((child) => unpack(child, frames, node));
    for (const child of node.children) node.total += child.total;
    return node;
  }

  function shown(amount) {
    if (!bytes) return `${(amount / 1000).toFixed(1)} ms`;
    return amount >= 1e6 ? `${(amount / 1e6).toFixed(1)} MB` : `${(amount / 1e3).toFixed(1)} kB`;
  }

  function percent(amount) {
    return root.total === 0 ? "0%" : `${(100 * amount / root.total).toFixed(1)}%`;
  }

  function matches(node) {
    return `${node.name} ${node.place}`.toLowerCase().includes(query);
  }

  /** Sum of the outermost nodes that match. */
  function matching(node) {
    if (matches(node)) return node.total;
    return node.children.reduce((sum, child) => sum + matching(child), 0);
  }

  function depthBelow(node, smallest) {
    if (node.total < smallest) return 0;
    return 1 + node.children.reduce((most, child) => Math.max(most, depthBelow(child, smallest)), 0);
  }

  function fill(node) {
    if (query !== "" && matches(node)) return dark.matches ? "hsl(305 75% 48%)" : "hsl(305 85% 74%)";
    let hash = 7;
    for (const character of node.name) hash = (hash * 31 + character.charCodeAt(0)) % 997;
    const hue = HUES[node.kind] + hash % 17 - 8;
    const [saturation, lightness] = dark.matches ? [48, 30 + hash % 9] : [78, 76 + hash % 9];
    return `hsl(${hue} ${node.kind === "native" ? 26 : saturation}% ${lightness}%)`;
  }

  function drawNode(node, left, right) {
    const top = node.depth * ROW;
    const faded = node.depth < zoomed.depth || (query !== "" && !matches(node));
    context.globalAlpha = faded ? 0.45 : 1;
    context.fillStyle = fill(node);
    context.fillRect(left, top, Math.max(right - left - 1, 0.5), ROW - 1);
    if (node === hovered) {
      context.strokeStyle = dark.matches ? "#fff" : "#000";
      context.strokeRect(left + 0.5, top + 0.5, Math.max(right - left - 2, 1), ROW - 2);
    }
    const room = Math.floor((right - left - 2 * PADDING) / context.measureText("m").width);
    if (room < 3) return;
    const label = node.parent ? node.name : `${threads[roots.indexOf(root)].name}: ${shown(node.total)}`;
    context.globalAlpha = faded ? 0.6 : 1;
    context.fillStyle = dark.matches ? "#f2f2f5" : "#1d1d1f";
    const text = label.length > room ? `${label.slice(0, room - 1)}…` : label;
    context.fillText(text, left + PADDING, top + ROW / 2);
    const rest = room - text.length - 2;
    if (!node.parent || rest < node.place.length) return;
    context.globalAlpha *= 0.6;
    context.fillText(node.place, left + PADDING + context.measureText(`${text}  `).width, top + ROW / 2);
  }

  function drawTree(node, left, scale) {
    const right = left + node.total * scale;
    if (right - left < 0.3) return;
    (rows[node.depth] ??= []).push({ node, left, right });
    drawNode(node, left, right);
    let at = left;
    for (const child of node.children) {
      drawTree(child, at, scale);
      at += child.total * scale;
    }
  }

  function draw() {
    const width = canvas.clientWidth;
    const height = (zoomed.depth + depthBelow(zoomed, zoomed.total * 0.3 / width)) * ROW;
    canvas.style.height = `${height}px`;
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.font = FONT;
    context.textBaseline = "middle";
    rows = [];
    for (let node = zoomed.parent; node; node = node.parent) {
      rows[node.depth] = [{ node, left: 0, right: width }];
      drawNode(node, 0, width);
    }
    if (zoomed.total > 0) drawTree(zoomed, 0, width / zoomed.total);
    whole.disabled = zoomed === root;
    found.textContent = query === "" ? "" : `${shown(matching(root))} · ${percent(matching(root))}`;
  }

  function nodeAt({ offsetX, offsetY }) {
    return rows[Math.floor(offsetY / ROW)]?.find(({ left, right }) => offsetX >= left && offsetX < right)
      ?.node;
  }

  function hover(event) {
    const node = nodeAt(event);
    tip.hidden = !node;
    if (node) {
      const name = document.createElement("b");
      name.textContent = node.name;
      const place = node.parent ? `${node.place}\n` : "";
      tip.replaceChildren(
        name,
        `${place}self ${shown(node.self)} (${percent(node.self)})\ntotal ${shown(node.total)} (${
          percent(node.total)
        })`,
      );
      const { width, height } = tip.getBoundingClientRect();
      tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
      const below = event.clientY + 18;
      tip.style.top = `${below + height > innerHeight ? event.clientY - height - 10 : below}px`;
    }
    if (node === hovered) return;
    hovered = node;
    draw();
  }

  function zoom(node) {
    zoomed = node;
    draw();
  }

  function choose(thread) {
    root = zoomed = roots[thread];
    hovered = undefined;
    for (const tab of document.querySelectorAll("[role=tab]")) {
      tab.setAttribute("aria-selected", tab.dataset.thread === String(thread));
    }
    for (const section of document.querySelectorAll("section")) {
      section.hidden = section.dataset.thread !== String(thread);
    }
    draw();
  }

  canvas.addEventListener("mousemove", hover);
  canvas.addEventListener("mouseleave", () => {
    tip.hidden = true;
    hovered = undefined;
    draw();
  });
  canvas.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (node) zoom(node);
  });
  whole.addEventListener("click", () => zoom(root));
  search.addEventListener("input", () => {
    query = search.value.trim().toLowerCase();
    draw();
  });
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => choose(Number(tab.dataset.thread)));
  }
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = query = "";
      zoom(root);
    } else if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  addEventListener("resize", draw);
  dark.addEventListener("change", draw);
  draw();
})();

() => {
  const problems = new Set();
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  // What is for screen readers alone is cut on purpose; a map that is nearer scrolls in its frame.
  const set_aside = ".visually-hidden, .announcer, .skip, option, script, style, .map-frame, textarea, [data-scrolls]";
  const words = (node) => node.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || element.closest(set_aside) || !visible(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((line) => line.width > 1);
    if (lines.length) texts.push({ node, element, lines });
  }
  for (const { node, element, lines } of texts) {
    const right = Math.max(...lines.map((line) => line.right));
    const left = Math.min(...lines.map((line) => line.left));
    const [top, bottom] = [lines[0].top, lines.at(-1).bottom];
    let outer = element;
    let scrolls = false;
    for (; outer && outer !== document.body; outer = outer.parentElement) {
      const style = getComputedStyle(outer);
      if (/auto|scroll/.test(style.overflowX)) scrolls = true;
      if (outer instanceof SVGElement || !/hidden|clip/.test(style.overflowX + style.overflowY)) continue;
      const box = outer.getBoundingClientRect();
      const cut = right > box.right + 1 || left < box.left - 1 || bottom > box.bottom + 4 || top < box.top - 4;
      if (cut) problems.add(`cut by ${outer.className || outer.tagName}: ${words(node)}`);
    }
    if (!scrolls && (right > innerWidth + 1 || left < -1)) problems.add(`beyond the edge: ${words(node)}`);
  }
  // Words that go on in the next line without a hyphen; digests and addresses may.
  for (const { node, element, lines } of texts) {
    if (lines.length < 2 || element.closest("code, svg")) continue;
    for (const { 0: word, index } of node.data.matchAll(/(?<![\p{L}\d/])\p{L}{4,}(?![\p{L}\d/])/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const rows = [...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top));
      if (new Set(rows).size > 1) problems.add(`broken: ${word}`);
    }
  }
  // Figures that stand in the next column, or so near it that both are read as one.
  for (const { node, element, lines } of texts) {
    const cell = element.closest("td, th");
    if (!cell || element.closest("svg")) continue;
    const box = cell.getBoundingClientRect();
    const out = Math.max(...lines.map((line) => Math.max(line.right - box.right, box.left - line.left)));
    // Kerning at a hyphen makes a line up to a pixel and a half wider than its cell was measured.
    if (out > 2) problems.add(`out of its cell: ${words(node)}`);
  }
  // Lines of two texts that lie over each other, letters of a map apart.
  const lines = texts
    .filter(({ element }) => !element.closest(".hexmap, .locator, dialog, [role=dialog]"))
    .flatMap(({ node, lines: own }) => own.map((line) => ({ node, line })))
    .sort((one, other) => one.line.top - other.line.top);
  lines.forEach(({ node, line }, index) => {
    for (let next = index + 1; next < lines.length && lines[next].line.top < line.bottom - 3; next += 1) {
      const other = lines[next];
      const across = Math.min(line.right, other.line.right) - Math.max(line.left, other.line.left);
      const down = Math.min(line.bottom, other.line.bottom) - Math.max(line.top, other.line.top);
      if (other.node !== node && across > 2 && down > Math.min(line.height, other.line.height) / 2) {
        problems.add(`over each other: ${words(node)} | ${words(other.node)}`);
      }
    }
  });
  for (const target of document.querySelectorAll("button, summary, input, select, nav a")) {
    const box = target.getBoundingClientRect();
    if (target.closest(set_aside) || !visible(target) || target.type === "hidden" || !box.width) continue;
    if (/radio|checkbox/.test(target.type)) continue; // their labels are the targets
    if (box.height < 24 || box.width < 24) problems.add(`hard to hit: ${words(target) || target.name}`);
  }
  return [...problems];
}

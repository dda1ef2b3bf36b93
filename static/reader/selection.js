/* The words that the reader has selected, to copy them, stay selected where a bulletin replaces what they are in. */

/** Call before `old` is replaced. Returns what selects the same words again in the element in its place. */
export function selectionIn(old) {
  const selection = document.getSelection();
  const range = selection?.rangeCount && !selection.isCollapsed && selection.getRangeAt(0);
  if (!range || !old.contains(range.commonAncestorContainer)) return () => {};
  const words = range.toString();
  const part = partOf(range.commonAncestorContainer, old);
  const before = document.createRange();
  before.selectNodeContents(part);
  before.setEnd(range.startContainer, range.startOffset);
  const at = before.toString().length;
  return (element) => {
    const now = part === old ? element : element.querySelector(`#${CSS.escape(part.id)}`);
    if (now && words) select(now, words, at);
  };
}

/** The part of `old` with an id that a node is in, or all of it. */
function partOf(node, old) {
  const part = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[id]");
  return part && old.contains(part) ? part : old;
}

/** Select words that were so many characters from the start of a part; they may have moved in it. */
function select(part, words, at) {
  const text = part.textContent;
  const from = text.startsWith(words, at) ? at : text.indexOf(words);
  if (from < 0) return;
  const [start, end] = [from, from + words.length].map((offset) => placeOf(part, offset));
  document.getSelection().setBaseAndExtent(...start, ...end);
}

/** The text node of a part that a character is in, and its place there. */
function placeOf(part, offset) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let rest = offset;
  while (texts.nextNode()) {
    const { length } = texts.currentNode;
    if (rest <= length) break;
    rest -= length;
  }
  return [texts.currentNode, rest];
}

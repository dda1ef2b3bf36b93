/* Merges the parts of the dashboard that the server has sent into the page.
 *
 * Elements stay the same elements, so that the focus, what is typed, what is open and what is ticked
 * stay as they are. Elements with an id are matched by it, others by their place.
 */

/** Merge the children of `fresh` into `target`; return the elements that are new. */
export function merge(target, fresh) {
  const added = [];
  mergeChildren(target, fresh, added);
  return added;
}

function mergeNode(node, fresh, added) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== fresh.data) node.data = fresh.data;
    return;
  }
  if (node.isEqualNode(fresh)) return;
  mergeAttributes(node, fresh);
  mergeChildren(node, fresh, added);
}

function mergeAttributes(node, fresh) {
  for (const { name } of [...node.attributes]) {
    // Which row is open is for the person who looks at it to choose. htmx adds its own classes.
    if (!fresh.hasAttribute(name) && !(name === "open" || name === "class")) node.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "open" && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}

function mergeChildren(parent, fresh, added) {
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  for (const child of [...parent.children]) {
    // Removed first: an element that is moved would lose the focus.
    if (child.id && !wanted.has(child.id)) child.remove();
  }
  const byId = new Map([...parent.children].filter((child) => child.id).map((child) => [child.id, child]));
  let cursor = filled(parent.firstChild);
  for (const child of [...fresh.childNodes].filter((node) => !isBlank(node))) {
    const match = child.id ? byId.get(child.id) : isAlike(cursor, child) ? cursor : null;
    if (!match) {
      parent.insertBefore(child, cursor);
      if (child.nodeType === Node.ELEMENT_NODE) added.push(child);
      continue;
    }
    if (match === cursor) cursor = filled(cursor.nextSibling);
    else parent.insertBefore(match, cursor);
    mergeNode(match, child, added);
  }
  while (cursor) {
    const next = filled(cursor.nextSibling);
    cursor.remove();
    cursor = next;
  }
}

const isAlike = (node, fresh) => node && !node.id && node.nodeName === fresh.nodeName;
const isBlank = (node) => node.nodeType === Node.TEXT_NODE && !node.data.trim();

/** The first node from this one on that is no space between elements: such space stays as it is. */
function filled(node) {
  while (node && isBlank(node)) node = node.nextSibling;
  return node;
}

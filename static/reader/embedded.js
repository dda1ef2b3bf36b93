/* Inside a frame: tells the page around it how tall this one is. Nothing else is ever said. */

const content = document.documentElement; // the body alone would leave out the margins around it

const tell = () => {
  const height = Math.ceil(content.getBoundingClientRect().height);
  parent.postMessage({ electionDesk: { height } }, "*");
};

new ResizeObserver(tell).observe(content);
// Browsers do not observe a frame that is scrolled out of sight: it is to fit before it is seen.
document.addEventListener("desk:applied", tell);
tell();

/* In an embed: posts the height of its content to the page around it, and nothing else. */

const content = document.documentElement; // the body would leave out the margins around it

const postHeight = () => {
  const height = Math.ceil(content.getBoundingClientRect().height);
  parent.postMessage({ electionDesk: { height } }, "*");
};

new ResizeObserver(postHeight).observe(content);
// Browsers suspend observers in a frame that is scrolled out of sight; it should fit before it is seen.
document.addEventListener("desk:applied", postHeight);
postHeight();

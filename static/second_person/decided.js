/* Hides what a count's page from before says of a result of one's own that waited, once the desk has decided.
 *
 * Apart from the phone's other scripts, since few pages need it: without a signal a page opens without it.
 */

// At once: another view may be shown when the report comes.
const { served } = document.querySelector("main [data-served]").dataset;

document.addEventListener("report", ({ detail }) => {
  const isOver = ({ decided, address, time }) => decided && time > served && address.startsWith(location.pathname);
  if (Object.values(detail.sent).some(isOver)) document.body.className = "decided";
});

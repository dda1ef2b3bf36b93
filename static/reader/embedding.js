/* In a page that embeds: gives each frame the height that it posts. */

addEventListener("message", (event) => {
  const height = Number(event.data?.electionDesk?.height);
  if (!Number.isFinite(height) || height < 1 || height > 20_000) return;
  for (const frame of document.querySelectorAll("iframe[data-election-desk]")) {
    if (frame.contentWindow === event.source) frame.height = String(height);
  }
});

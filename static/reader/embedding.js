/* In the page around: gives each frame of ours the height that it asks for, and nothing more. */

addEventListener("message", (event) => {
  const height = Number(event.data?.electionDesk?.height);
  if (!Number.isFinite(height) || height < 1 || height > 20_000) return;
  for (const frame of document.querySelectorAll("iframe[data-election-desk]")) {
    if (frame.contentWindow === event.source) frame.height = String(height);
  }
});

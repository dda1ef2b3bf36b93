"""The public site: pages, exports, embeds, and polling for pages without a socket. Reads only."""

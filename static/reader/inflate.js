/* Reads the frames that the server sends as binary messages: JSON in zlib's format.
 *
 * The server compresses a frame once for all of its readers. A browser that cannot inflate asks for text.
 */

export const canInflate = (() => {
  try {
    return Boolean(new DecompressionStream("deflate"));
  } catch {
    return false;
  }
})();

/** The frame in a socket's message, which is text or an ArrayBuffer. Rejects if it is damaged. */
export async function decode(data) {
  if (typeof data === "string") return JSON.parse(data);
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(inflated).json();
}

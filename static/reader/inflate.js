/* Reads the frames that the server sends as binary messages: JSON, deflated.
 *
 * The server compresses a frame once for all of its readers. A browser that cannot inflate asks for text.
 */

const canInflate = (format) => {
  try {
    return Boolean(new DecompressionStream(format));
  } catch {
    return false;
  }
};

/** What the socket's address asks for: `deflate-previous`, `deflate`, or nothing for text. */
export const coding =
  canInflate("deflate-raw") ? "deflate-previous" : canInflate("deflate") ? "deflate" : "";

const WINDOW = 1 << 15; // bytes: a dictionary has no more

const inflate = (parts, format) =>
  new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream(format))).arrayBuffer();

const parse = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** Return a function that reads the messages of one socket, text or ArrayBuffer, in the order of their arrival.
 * It rejects if one is damaged. */
export function makeDecoder(asked) {
  let last = new Uint8Array(); // the text of the last binary message
  return async (data) => {
    if (typeof data === "string") return JSON.parse(data);
    if (asked === "deflate") return parse(await inflate([data], "deflate"));
    // The first byte says whether the message has the last one's text as its dictionary. A DecompressionStream
    // takes no dictionary, but the same bytes do as an uncompressed block before the message's own.
    const dictionary = new Uint8Array(data)[0] ? last.subarray(-WINDOW) : new Uint8Array();
    const block = dictionary.length ? [storedBlock(dictionary.length), dictionary] : [];
    const text = await inflate([...block, data.slice(1)], "deflate-raw");
    last = new Uint8Array(text, dictionary.length);
    return parse(last);
  };
}

/** The head of an uncompressed block (RFC 1951, 3.2.4): not the last one, its length, and the complement of that. */
const storedBlock = (length) =>
  new Uint8Array([0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255]);

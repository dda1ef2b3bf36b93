/* Sends a picture in parts, from the byte on that the server wants: a broken connection loses one part. */

import { jsonOf } from "./request.js";
import { forget, read, write } from "./storage.js";

/** Bytes of a part, which grow and shrink with what the line takes in a few seconds. */
const SMALLEST = 16_384;
const LARGEST = 524_288;
const SHORT = 3_000;
const LONG = 9_000;
let length = 65_536;

const name = (key) => `sent:${key}`;
/** Of a picture that is sent in parts: the bytes that the server has, of how many. */
export const progress = (key) => read(name(key));
export const forgetProgress = (key) => forget(name(key));
export const startAt = (key, sent, size) => write(name(key), { sent, size });
/** What is as small as a part is sent in one request. */
export const inParts = (blob) => blob.size > 65_536;

/** Send what the server does not have, by `post(body)`. Whether it has everything now, or the answer
    that keeps it from going on; each part that arrives calls `moved`. */
export async function sendParts(key, blob, post, moved) {
  let { sent } = progress(key) ?? { sent: 0 };
  while (sent < blob.size) {
    const began = performance.now();
    const response = await post(bodyOf(key, blob, sent));
    const answer = await jsonOf(response);
    const took = performance.now() - began;
    if (!response || took > LONG) length = Math.max(SMALLEST, length / 2);
    else if (took < SHORT) length = Math.min(LARGEST, length * 2);
    if (answer?.key !== key || answer.state !== "part" || answer.offset === sent) return { response, answer };
    sent = answer.offset;
    startAt(key, sent, blob.size);
    moved();
  }
  return null;
}

function bodyOf(key, blob, offset) {
  const body = new FormData();
  const fields = { step: "part", key, offset, size: blob.size };
  for (const [field, value] of Object.entries(fields)) body.set(field, String(value));
  body.set("part", blob.slice(offset, offset + length), "part");
  return body;
}

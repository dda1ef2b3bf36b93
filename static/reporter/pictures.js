/* Scales photos down on the phone, since the signal in a counting hall cannot carry the camera's own size, and
 * sends them in parts, from the first byte that the server lacks: a broken connection loses one part. */

import { jsonOf } from "./request.js";
import { forget, read as stored, write } from "./storage.js";

const WIDTH = 1600;
const QUALITY = 0.8;
/** Of the server (`results/desk/picture_worker.py`, `results/desk/pictures.py`). */
const LONGEST_SIDE = 16_384;
const MOST_BYTES = 20 * 1024 * 1024;

/** `{picture, problem}`: the photo as a data: URL for the outbox, unscaled where the browser cannot scale it;
    or why no server takes it: “format”, “heic” or “large”. */
export async function toPicture(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, WIDTH / picture.width, LONGEST_SIDE / picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return { picture: canvas.toDataURL("image/jpeg", QUALITY), problem: "" };
  } catch {
    const problem = problemOf(await read(file.slice(0, 12), "readAsBinaryString"), file.size);
    return { picture: problem ? null : await read(file, "readAsDataURL"), problem };
  }
}

/** By the first bytes of the file. */
function problemOf(start, size) {
  if (size > MOST_BYTES) return "large";
  if (/^.{4}ftyp(hei|hev|mif|msf)/s.test(start)) return "heic";
  return /^(\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP)/s.test(start) ? "" : "format";
}

function read(file, how) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = reject;
    reader[how](file);
  });
}

// --- In parts ---------------------------------------------------------------------------

/** Bytes of a part, which grow and shrink with what the line takes in a few seconds. */
const MIN_CHUNK_BYTES = 16_384;
const MAX_CHUNK_BYTES = 524_288;
const FAST_CHUNK_MS = 3_000;
const SLOW_CHUNK_MS = 9_000;
let length = 65_536;

const name = (key) => `sent:${key}`;
/** Of a picture that is sent in parts: the bytes that the server has, of how many. */
export const progress = (key) => stored(name(key));
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
    if (!response || took > SLOW_CHUNK_MS) length = Math.max(MIN_CHUNK_BYTES, length / 2);
    else if (took < FAST_CHUNK_MS) length = Math.min(MAX_CHUNK_BYTES, length * 2);
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

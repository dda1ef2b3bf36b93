/* Node's ws: `node server.js PORT`. Sends recorded frames (BENCH_FRAMES) to every reader.
 *
 * A socket that asks for `coding=deflate` gets the deflated frames, any other the text, as with the
 * desk. `GET /bench/publish` sends the next frame and answers as the other rigs do.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const frames = JSON.parse(readFileSync(process.env.BENCH_FRAMES, "utf8")).map((frame) => ({
  ...frame,
  deflated: Buffer.from(frame.deflated, "base64"),
}));
const readers = new Set();
let next = 0;

const monotonic = () => Number(process.hrtime.bigint()) / 1e9;

const server = createServer((request, response) => {
  let body = {};
  if (request.url === "/bench/publish") {
    const { sequence, text, deflated } = frames[next++];
    body = { sequence, committed: monotonic(), cpu: 0 };
    for (const reader of readers) reader.socket.send(reader.deflates ? deflated : text);
  }
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
});

new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket, request) => {
  const reader = { socket, deflates: request.url.includes("coding=deflate") };
  readers.add(reader);
  socket.send('{"sequence":0}');
  socket.on("close", () => readers.delete(reader));
});

server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });

// A receiver of webhooks in a process of its own, which checks what it hears with a library that knows nothing of us (standardwebhooks).
// `node receiver.mjs <port> <secret…>` says a line of JSON for every message; a message that does not hold is answered with 400.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";

/**
 * @typedef {object} Heard
 * @property {boolean} holds its signature does
 * @property {string} id
 * @property {any} event
 *
 * @typedef {object} Receiver
 * @property {string} address
 * @property {number} port
 * @property {() => Promise<void>} kill ends it as a power cut would
 */

/** A port that is free at the moment. @returns {Promise<number>} */
export async function freePort() {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (socket.address());
  socket.close();
  await once(socket, "close");
  return address.port;
}

/**
 * Starts a receiver; `heard` is called with every message.
 * @param {number} port
 * @param {string[]} secrets
 * @param {(heard: Heard) => void} heard
 * @returns {Promise<Receiver>}
 */
export async function startReceiver(port, secrets, heard) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), String(port), ...secrets], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the receiver ended at once (${code})`)));
    createInterface({ input: child.stdout }).on("line", (line) => (line === "listening" ? resolve(undefined) : heard(JSON.parse(line))));
  });
  return {
    address: `http://127.0.0.1:${port}/in`,
    port,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port, ...secrets] = process.argv.slice(2);
  const checks = secrets.map((secret) => new Webhook(secret));
  createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const headers = /** @type {Record<string, string>} */ (request.headers);
    const holds = checks.some((check) => {
      try {
        check.verify(body, headers);
        return true;
      } catch {
        return false;
      }
    });
    // Said before it is answered: what was answered has been heard.
    process.stdout.write(`${JSON.stringify({ holds, id: headers["webhook-id"], event: JSON.parse(body) })}\n`, () => response.writeHead(holds ? 204 : 400).end());
  }).listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
}

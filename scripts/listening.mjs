// Open windows: event streams that are read as a browser reads them, which comes back where one breaks off.
import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/**
 * @param {string} url
 * @param {{token: string}} who
 */
export async function listen(url, { token }) {
  /** @type {Set<string>} */
  const heard = new Set();
  let last = "";
  let closed = false;
  let breaks = 0;
  /** @type {http.ClientRequest | undefined} */
  let present;
  const counts = { resets: 0 };

  /** @returns {Promise<void>} once it is open */
  const open = () =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream", ...(last ? { "last-event-id": last } : {}) };
      present = http.get(`${url}/api/v1/events`, { headers, agent: false }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new Error(`an event stream answers ${response.statusCode}`));
          return;
        }
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part) => {
          text += part;
          for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
            const lines = text.slice(0, end).split("\n");
            text = text.slice(end + 2);
            const of = (/** @type {string} */ name) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim();
            last = of("id") ?? last;
            if (of("event") === "reset") counts.resets += 1;
            const data = of("data");
            if (of("event") === "hint" && data) heard.add(JSON.parse(data).id);
          }
        });
        response.on("error", () => undefined);
        response.on("close", () => void again());
        resolve();
      });
      present.on("error", reject);
    });
  async function again() {
    if (closed) return;
    breaks += 1;
    await pause(1_000);
    if (!closed) await open().catch(() => void again());
  }
  await open();
  return {
    /** How often it broke off. */
    breaks: () => breaks,
    heard,
    counts,
    /** True where it tells of a record within so many milliseconds. @param {string} id @param {number} patience */
    async hears(id, patience) {
      for (const until = Date.now() + patience; Date.now() < until; await pause(20)) if (heard.has(id)) return true;
      return false;
    },
    close() {
      closed = true;
      present?.destroy();
    },
  };
}

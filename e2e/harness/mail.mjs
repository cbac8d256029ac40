// Starts the mail server of mail-server.mjs and keeps what it has taken.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Taken
 * @property {string[]} to
 * @property {boolean} secure
 * @property {string} connection
 * @property {string} raw
 * @property {Record<string, string>} headers
 * @property {string} text
 * @property {string} html
 *
 * @typedef {object} MailServer
 * @property {number} port
 * @property {Taken[]} taken
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} [options] see mail-server.mjs
 * @returns {Promise<MailServer>}
 */
export async function startMailServer(options = {}) {
  const program = fileURLToPath(new URL("mail-server.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const exited = once(child, "exit");
  const { stdout } = child;
  if (!stdout) throw new Error("the mail server cannot be heard");
  /** @type {Taken[]} */
  const taken = [];
  const port = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the mail server ended at once (${code})`)));
    createInterface({ input: stdout }).on("line", (line) => {
      const told = JSON.parse(line);
      if (told.listening) resolve(told.listening);
      else taken.push(told);
    });
  });
  return {
    port,
    taken,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

// Starts the real binary on a directory of its own and knows when it listens.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { copyDemo } from "./demo.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The binary under test: what STAGECRAFT_BINARY names, else the debug build. */
export function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(repository, "target");
  return process.env.STAGECRAFT_BINARY ?? path.join(target, "debug/stagecraft");
}

/**
 * @typedef {object} Server
 * @property {string} url where it listens
 * @property {string} dataDirectory
 * @property {number} pid
 * @property {() => string} log what it has said so far
 * @property {Promise<number | null>} ended how it ended, once it has; null where by a signal
 * @property {() => Promise<void>} stop ends it gently and removes its directory
 * @property {() => Promise<void>} kill ends it as a power cut would and leaves its directory
 */

/**
 * @param {object} [options]
 * @param {boolean} [options.demo] begin with the demo company
 * @param {string} [options.dataDirectory] a directory to go on with, which is then left in place
 * @param {string} [options.databaseUrl] PostgreSQL instead of the embedded database
 * @param {string[]} [options.more] further arguments of `stagecraft serve`
 * @returns {Promise<Server>}
 */
export async function startServer({ demo = false, dataDirectory, databaseUrl, more = [] } = {}) {
  const directory = dataDirectory ?? (await mkdtemp(path.join(tmpdir(), "stagecraft-")));
  if (demo && !dataDirectory && !databaseUrl) {
    await copyDemo(directory, binary(), async (empty) => (await startServer({ demo, dataDirectory: empty })).stop());
  }
  const words = ["serve", "--listen", "127.0.0.1:0", "--data-dir", directory, ...more];
  if (demo) words.push("--demo");
  if (databaseUrl) words.push("--database-url", databaseUrl);

  const child = spawn(binary(), words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  const exited = once(child, "exit");
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));

  const url = await new Promise((resolve, reject) => {
    // A company for demonstration is made first, which takes a while where others work too.
    const timer = setTimeout(() => reject(new Error(`The server did not listen within 150 s.\n${said}`)), 150_000);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`The server ended at once (${code ?? signal}).\n${said}`));
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      said += `${line}\n`;
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (!found?.[1]) return;
      clearTimeout(timer);
      resolve(found[1].replace(/\/$/, ""));
    });
  });

  return {
    url,
    dataDirectory: directory,
    pid: child.pid ?? 0,
    log: () => said,
    ended: exited.then(([code]) => code),
    async stop() {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(patience);
      if (!dataDirectory) await rm(directory, { recursive: true, force: true });
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

// Somewhere to serve from: a directory, and on PostgreSQL a database of its own.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startServer } from "../e2e/harness/server.mjs";

/**
 * @typedef {"sqlite" | "postgres"} Engine
 *
 * @typedef {object} Place
 * @property {() => Promise<import("../e2e/harness/server.mjs").Server>} start
 * @property {string} directory
 * @property {string | undefined} databaseUrl
 * @property {() => Promise<void>} end
 */

/** The engines there are: PostgreSQL where STAGECRAFT_TEST_POSTGRES names a server. @param {string} [only] @returns {Engine[]} */
export function engines(only) {
  /** @type {Engine[]} */
  const all = process.env.STAGECRAFT_TEST_POSTGRES ? ["sqlite", "postgres"] : ["sqlite"];
  return only ? all.filter((engine) => engine === only) : all;
}

/**
 * @param {Engine} engine
 * @param {string[]} [more] arguments of its servers
 * @returns {Promise<Place>}
 */
export async function prepare(engine, more = []) {
  const directory = await mkdtemp(path.join(tmpdir(), "stagecraft-place-"));
  if (engine === "sqlite") {
    return { start: () => startServer({ dataDirectory: directory, more }), databaseUrl: undefined, directory, end: () => rm(directory, { recursive: true, force: true }) };
  }
  const server = process.env.STAGECRAFT_TEST_POSTGRES ?? "";
  const database = `place_${randomUUID().replaceAll("-", "")}`;
  await psql(server, `CREATE DATABASE ${database}`);
  const address = new URL(server);
  address.pathname = `/${database}`;
  const databaseUrl = address.href;
  return {
    start: () => startServer({ dataDirectory: directory, databaseUrl, more }),
    databaseUrl,
    directory,
    async end() {
      await psql(server, `DROP DATABASE ${database} WITH (FORCE)`);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} address
 * @param {string} statement
 * @returns {Promise<string>} the rows, their columns divided by |
 */
export async function psql(address, statement) {
  const directories = (process.env.PATH ?? "").split(":");
  for (const version of await readdir("/usr/lib/postgresql").catch(() => [])) directories.unshift(`/usr/lib/postgresql/${version}/bin`);
  const words = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, address];
  const { stdout } = await promisify(execFile)("psql", words, { env: { ...process.env, PATH: directories.join(":") } });
  return stdout.trim();
}

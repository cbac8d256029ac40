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
 * @returns {Promise<Place>}
 */
export async function prepare(engine) {
  const directory = await mkdtemp(path.join(tmpdir(), "stagecraft-place-"));
  if (engine === "sqlite") {
    return { start: () => startServer({ dataDirectory: directory }), databaseUrl: undefined, directory, end: () => rm(directory, { recursive: true }) };
  }
  const server = process.env.STAGECRAFT_TEST_POSTGRES ?? "";
  const database = `place_${randomUUID().replaceAll("-", "")}`;
  await psql(server, `CREATE DATABASE ${database}`);
  const address = new URL(server);
  address.pathname = `/${database}`;
  const databaseUrl = address.href;
  return {
    start: () => startServer({ dataDirectory: directory, databaseUrl }),
    databaseUrl,
    directory,
    async end() {
      await psql(server, `DROP DATABASE ${database} WITH (FORCE)`);
      await rm(directory, { recursive: true });
    },
  };
}

/**
 * @param {string} address
 * @param {string} statement
 */
async function psql(address, statement) {
  const directories = (process.env.PATH ?? "").split(":");
  for (const version of await readdir("/usr/lib/postgresql").catch(() => [])) directories.unshift(`/usr/lib/postgresql/${version}/bin`);
  await promisify(execFile)("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, address], {
    env: { ...process.env, PATH: directories.join(":") },
  });
}

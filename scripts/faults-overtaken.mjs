// A server is overtaken: a newer version migrates the database while the older one serves and people write.
//
//   scripts/with-postgres.sh node scripts/faults-overtaken.mjs [--times 1] [--only sqlite|postgres] [--binary PATH]
//
// Two processes of the real program; the newer one knows a migration more (STAGECRAFT_NEXT_MIGRATION, which builds for development alone heed).
// Looked at: once the newer one listens the older one acknowledges no write and answers no read, says why, and ends by itself with 1; it does not start
// again on that database; all that it had acknowledged is there, and nothing that it refused; the newer one goes on.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { Faults } from "./faults.mjs";
import { administrator } from "./importing.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({ options: { times: { type: "string", default: "1" }, only: { type: "string" }, binary: { type: "string" } } });
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);

/** Milliseconds in which a server that was overtaken is to have ended: it looks every two seconds, and lets what is under way end. */
const PATIENCE = 8_000;
const WRITERS = 4;
const REASON = /brought up to date by a newer version of Stagecraft \(migration (\d+), this one knows (\d+)\)/;

const faults = new Faults();
const folder = await mkdtemp(path.join(tmpdir(), "stagecraft-overtaken-"));
const next = path.join(folder, "next.sql");
// A table that is there is widened, as most migrations do, and one is made that the older version does not know.
await writeFile(next, "ALTER TABLE digest ADD COLUMN of_the_next {int};\nCREATE TABLE of_the_next (n {int} NOT NULL PRIMARY KEY) {strict};\n");

/** @param {import("./place.mjs").Place} place */
function startNewer(place) {
  process.env.STAGECRAFT_NEXT_MIGRATION = next;
  try {
    // The child is begun, with this environment, before anybody waits.
    return place.start();
  } finally {
    delete process.env.STAGECRAFT_NEXT_MIGRATION;
  }
}

/** @param {import("./place.mjs").Engine} engine */
async function overtake(engine) {
  const of = faults.begin("overtaken", engine);
  const place = await prepare(engine);
  /** @type {import("../e2e/harness/server.mjs").Server[]} */
  const running = [];
  try {
    const older = await place.start();
    running.push(older);
    const ada = await setUp(older.url, administrator);
    const assignee = ada.me.person.id;
    /** @type {Set<string>} */
    const acknowledged = new Set();
    /** @type {Set<string>} those of which nobody was told what became of them */
    const unknown = new Set();
    /** @type {Map<string, string[]>} those that were refused, by what was answered */
    const refused = new Map();
    let overtaken = false;
    let late = 0;
    let first = 0;
    let ended = 0;
    const ending = older.ended.then((code) => {
      ended = Date.now();
      return code;
    });
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; ended === 0; n += 1) {
        const name = `Call ${writer}.${n}`;
        const begun = overtaken;
        try {
          const answer = await ada.call("POST", "/records/task", { fields: { name, assignee } });
          if (answer.status === 201 || answer.status === 200) {
            acknowledged.add(name);
            if (begun) late += 1;
          } else {
            first ||= Date.now();
            const said = `${answer.status} ${answer.body?.code}`;
            refused.set(said, [...(refused.get(said) ?? []), name]);
            await pause(20);
          }
        } catch {
          unknown.add(name);
          await pause(20);
        }
      }
    });
    await pause(500);
    const newer = await startNewer(place);
    running.push(newer);
    overtaken = true;
    // It has migrated before it listens: from here on the older one serves nobody, those who read no more than those who write.
    const reading = await ada.call("GET", "/records/task?limit=1").then((answer) => answer.status, () => 0);
    if (reading !== 503 && reading !== 0) of.fault(`the older server still answers a read with ${reading}`);
    const code = await Promise.race([ending, pause(PATIENCE, "never")]);
    if (code !== 1) of.fault(`the older server ended with ${code}, not with 1`);
    ended ||= Date.now();
    const took = ended - first;
    of.recovered(took);
    await Promise.all(writers);
    if (acknowledged.size === 0) of.fault("nothing was written before");
    if (late > 0) of.fault(`${late} writes were acknowledged by the older server after it was overtaken`);
    for (const said of refused.keys()) if (said !== "503 server.no_database") of.fault(`a write was answered ${said}`);
    if (refused.size === 0) of.fault("nobody was refused: the older server was gone before anybody asked");
    const reason = REASON.exec(older.log());
    if (!reason || Number(reason[1]) !== Number(reason[2]) + 1) of.fault(`the older server does not say why: ${older.log().slice(-600)}`);

    // It stays out.
    const again = await place.start().then(
      async (server) => {
        await server.kill();
        return "it started";
      },
      (error) => String(error),
    );
    if (!/ended at once \(1\)/.test(again) || !REASON.test(again)) of.fault(`the older version on the database of the newer one: ${again}`);

    // What was acknowledged is there, what was refused is not, and work goes on.
    const there = await signIn(newer.url, administrator.email, administrator.password);
    await there.create("/records/task", { fields: { name: "Afterwards", assignee } });
    /** @type {Set<string>} */
    const names = new Set();
    let cursor = "";
    do {
      const page = await there.read(`/records/task?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const item of page.items) names.add(item.fields.name);
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    const lost = [...acknowledged].filter((name) => !names.has(name));
    const crept = [...names].filter((name) => name !== "Afterwards" && !acknowledged.has(name) && !unknown.has(name));
    if (lost.length > 0) of.fault(`${lost.length} acknowledged writes are lost, as ${lost[0]}`);
    if (crept.length > 0) of.fault(`${crept.length} writes that were refused are there, as ${crept[0]}`);
    of.counted(acknowledged.size, unknown.size);
    const turned = [...refused.values()].reduce((sum, some) => sum + some.length, 0);
    of.end(`${acknowledged.size} writes acknowledged, then ${turned} refused; the older server ended after ${took} ms`);
  } finally {
    for (const server of running) await server.kill();
    await place.end();
  }
}

try {
  for (let time = 0; time < Number(options.times); time += 1) for (const engine of engines(options.only)) await overtake(engine);
} finally {
  await rm(folder, { recursive: true, force: true });
}
await faults.sum();

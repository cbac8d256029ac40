// Tells a receiver that dies, is away for a time and comes back, and looks whether it has heard everything.
//
//   node scripts/faults-webhooks.mjs [--records 40] [--edits 25] [--away 60] [--retries 83ms,500ms,…] [--only sqlite|postgres|two] [--binary PATH]
//
// A receiver in a process of its own checks every message with the library `standardwebhooks`. It is killed; writers create and edit
// opportunities while it is away, and for a part of them it is there again. Afterwards it must have heard every revision of every record at
// least once, those of one record in order, nothing that did not happen, and every signature must hold. `two` is two servers on one PostgreSQL,
// one of which is killed while they send. The hour of an outage is shortened together with the delays between attempts, by configuration:
// usually 60 to 1; --away 3600 --retries usual is the hour itself. PostgreSQL is tested where STAGECRAFT_TEST_POSTGRES names a server.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { freePort, startReceiver } from "../e2e/harness/receiver.mjs";
import { complete, judge } from "./heard.mjs";
import { prepare } from "./place.mjs";

/** The usual delays, 60 times as short. */
const SHORTENED = "83ms,500ms,2s,10s,30s,1m,2m,4m,8m,12m,12m,12m,12m,12m";
const administrator = { name: "Ada Faulkner", email: "ada@northwind.example", password: "correct-horse-battery" };

const { values: options } = parseArgs({
  options: {
    records: { type: "string", default: "40" },
    edits: { type: "string", default: "25" },
    away: { type: "string", default: "60" },
    retries: { type: "string", default: SHORTENED },
    only: { type: "string" },
    binary: { type: "string" },
  },
});
const [records, edits, away] = [Number(options.records), Number(options.edits), Number(options.away)];
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const more = ["--webhook-allow", "127.0.0.1", ...(options.retries === "usual" ? [] : ["--webhook-retries", options.retries])];

/**
 * @typedef {import("../e2e/harness/api.mjs").Session} Session
 * @typedef {import("../e2e/harness/receiver.mjs").Heard} Heard
 * @typedef {"sqlite" | "postgres" | "two"} Way
 */

/**
 * Repeats a request until it is answered: a server may be busy.
 * @param {() => Promise<import("../e2e/harness/api.mjs").Answer>} ask
 */
async function surely(ask) {
  for (;;) {
    const answer = await ask();
    if (answer.status === 429 || answer.status === 503) {
      await pause(100);
      continue;
    }
    if (answer.status >= 400) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/**
 * Edits every record so often, four at a time.
 * @param {Session} session
 * @param {Map<string, number>} revisions the last of each record
 * @param {number} times
 * @param {string} word
 */
async function edit(session, revisions, times, word) {
  const queue = [...revisions.keys()].flatMap((id) => Array.from({ length: times }, (_, n) => ({ id, n }))).sort((a, b) => a.n - b.n);
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let one = queue.shift(); one; one = queue.shift()) {
        const { id, n } = one;
        const saved = await surely(() => session.call("PATCH", `/records/opportunity/${id}`, { fields: { next_step: `${word} ${n}` } }));
        revisions.set(id, Math.max(revisions.get(id) ?? 0, saved.record.revision));
      }
    }),
  );
}

/** @param {Way} way */
async function run(way) {
  const began = Date.now();
  const place = await prepare(way === "sqlite" ? way : "postgres", more);
  const servers = [await place.start()];
  const session = await setUp(/** @type {any} */ (servers[0]).url, administrator);
  if (way === "two") servers.push(await place.start());
  const last = /** @type {import("../e2e/harness/server.mjs").Server} */ (servers.at(-1));
  const other = await signIn(last.url, administrator.email, administrator.password);

  /** @type {Heard[]} */
  const heard = [];
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/in`;
  const webhook = await session.create("/webhooks", { name: "Receiver", address, subscriptions: [{ object: "opportunity", acts: ["create", "edit"] }] });
  const receive = () => startReceiver(port, [webhook.secret], (one) => heard.push(one));
  /** @type {Map<string, number>} */
  const revisions = new Map();
  let receiver = await receive();
  for (let n = 0; n < records; n += 1) {
    const made = await surely(() => session.call("POST", "/records/opportunity", { fields: { name: `Deal ${n}` } }, { "idempotency-key": randomUUID() }));
    revisions.set(made.record.id, made.record.revision);
  }
  await edit(session, revisions, Math.ceil(edits / 5), "there");
  // It dies in the middle of what it is told.
  const editing = edit(session, revisions, Math.ceil(edits / 5), "dying");
  await pause(200);
  await receiver.kill();
  await editing;
  const gone = Date.now();
  await edit(other, revisions, edits, "away");
  await pause(Math.max(0, away * 1000 - (Date.now() - gone)));
  const before = heard.length;
  const state = await session.read(`/webhooks/${webhook.id}`);
  if (state.state !== "failing") throw new Error(`${way}: a receiver that is away is told as ${state.state}`);
  receiver = await receive();
  const back = Date.now();
  const going = edit(other, revisions, Math.ceil(edits / 5), "back");
  if (way === "two") {
    // While they send what has waited, one of them dies; the writers work at the other.
    while (heard.length < before + 20) await pause(10);
    await /** @type {any} */ (servers.shift()).kill();
  }
  await going;
  for (;;) {
    const now = await other.read(`/webhooks/${webhook.id}`);
    if (now.waiting === 0 && complete(heard, revisions)) break;
    if (Date.now() - back > 20 * 60_000) throw new Error(`${way}: still waiting for ${now.waiting} (${now.state})`);
    await pause(200);
  }
  const caughtUp = (Date.now() - back) / 1000;
  judge(way, heard, revisions);
  const events = [...revisions.values()].reduce((sum, revision) => sum + revision, 0);
  console.log(
    `${way}: receiver away for ${((back - gone) / 1000).toFixed(0)} s; ${events} events of ${records} records, ${heard.length} messages (${heard.length - events} of them repeated), ` +
      `all signatures hold, each record in order; caught up ${caughtUp.toFixed(1)} s after it came back (${((Date.now() - began) / 1000).toFixed(0)} s in all)`,
  );
  await receiver.kill();
  for (const server of servers) await server.stop();
  await place.end();
}

/** @type {Way[]} */
const ways = process.env.STAGECRAFT_TEST_POSTGRES ? ["sqlite", "postgres", "two"] : ["sqlite"];
for (const way of ways) if (!options.only || options.only === way) await run(way);

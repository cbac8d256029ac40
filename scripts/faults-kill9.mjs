// Kills the server under a mixed load of writes and looks for what was acknowledged and for halves.
//
//   node scripts/faults-kill9.mjs [--rounds 20] [--writers 6] [--only sqlite|postgres] [--binary PATH] [--seed N]
//
// A round: people create, edit and move deals, claim from a pool under a limit, edit many at once, register deals and approve them; at a random
// moment the process is killed as a power cut would; it is started again on the same database; every acknowledged write must be there, and of
// those in flight each is there whole or not at all. Then the requests in flight are sent once more with their keys, as a client does that lost
// its answer: none may have been done twice. PostgreSQL is tested where STAGECRAFT_TEST_POSTGRES names a server (scripts/with-postgres.sh
// provides one).
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { atWork, checkMany, furnish, generator, keepLedger, reckon } from "./at-work.mjs";
import { Faults } from "./faults.mjs";
import { engines, prepare } from "./place.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    writers: { type: "string", default: "6" },
    only: { type: "string" },
    binary: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const rounds = Number(options.rounds);
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const random = generator(Number(options.seed));
const faults = new Faults();

for (const engine of engines(options.only)) {
  const place = await prepare(engine);
  let server = await place.start();
  const office = await furnish(place, server.url);
  /** @type {import("./at-work.mjs").Entry[]} */
  const ledger = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const of = faults.begin("killed", engine);
      const course = atWork(office, `Round ${round}`, { deals: Number(options.writers), random });
      // In the middle of work, however slow the machine is.
      for (const until = Date.now() + 20_000; course.acknowledged.length < 10 && Date.now() < until; ) await pause(20);
      await pause(random() * 1_500);
      course.leave();
      await server.kill();
      for (const fault of await course.end()) of.fault(fault);
      ledger.push(...course.written);

      const began = Date.now();
      server = await place.start();
      office.where.urls = [server.url];
      of.recovered(Date.now() - began);
      const inFlight = await reckon(office, ledger, course, of.fault);
      if (round === rounds) await checkMany(office, ledger, of.fault);
      of.counted(course.acknowledged.length, inFlight);
      of.end(`${course.acknowledged.length} writes acknowledged, ${inFlight} in flight, up again in ${Date.now() - began} ms`);
    }
  } finally {
    if (faults.failed > 0) console.log(`    The writers' ledger is in ${await keepLedger(engine, ledger)}; seed ${options.seed}.`);
    await server.stop();
    await place.end();
  }
}
await faults.sum();

// Takes the database away from people at work, in every way we could think of, and gives it back.
//
//   node scripts/faults-database.mjs [--times 10] [--away 5] [--only restart,crash,away,frozen,failover,full-sqlite,full-postgres,folder] [--binary PATH]
//
// restart: PostgreSQL is restarted as for an upgrade. crash: it falls as its machine would. away: it is stopped and stays away. frozen: it
// holds its connections and answers nothing. failover: the primary falls and a standby that follows it synchronously takes over; the server knows
// both by its address. full-*: the disk has no room left, then has. folder: SQLite's folder is taken away and given back.
//
// The server stays up all the time. Asked is: whatever was acknowledged is there, nothing has happened twice, whoever was told that it is not
// known what became of his request finds out by repeating it, webhooks have heard every revision in order, an open event stream goes on, and the
// server recovers by itself; told is how long it takes until somebody's write is acknowledged again. Disks of their own need root.
import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, rename, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { freePort, startReceiver } from "../e2e/harness/receiver.mjs";
import { startServer } from "../e2e/harness/server.mjs";
import { atWork, checkMany, furnish, keepLedger, reckon } from "./at-work.mjs";
import { Cluster } from "./cluster.mjs";
import { Faults } from "./faults.mjs";
import { complete, judge } from "./heard.mjs";
import { listen } from "./listening.mjs";
import { psql } from "./place.mjs";

/**
 * Somewhere to work, and how to harm it.
 * @typedef {object} Scene
 * @property {"sqlite" | "postgres"} engine
 * @property {import("./place.mjs").Place} place
 * @property {string} url what the server is told
 * @property {() => Promise<void>} harm
 * @property {() => Promise<void>} mend
 * @property {() => Promise<void>} [between] before the next time
 * @property {boolean} [reads] while it is harmed everything can still be read
 * @property {() => Promise<void>} end
 */

const kinds = ["restart", "crash", "away", "frozen", "failover", "full-sqlite", "full-postgres", "folder"];
const { values: options } = parseArgs({
  options: {
    times: { type: "string", default: "10" },
    away: { type: "string", default: "5" },
    only: { type: "string", default: kinds.join(",") },
    binary: { type: "string" },
  },
});
const times = Number(options.times);
const away = Number(options.away) * 1000;
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
const faults = new Faults();
const isRoot = process.getuid?.() === 0;

/** @param {Cluster} cluster @param {string} [url] @returns {Promise<import("./place.mjs").Place>} */
async function on(cluster, url) {
  const directory = await mkdtemp(path.join(tmpdir(), "stagecraft-place-"));
  const name = `place_${randomUUID().replaceAll("-", "")}`;
  await psql(cluster.url(), `CREATE DATABASE ${name}`);
  const databaseUrl = (url ?? cluster.url()).replace(/\/postgres(?=\?|$)/, `/${name}`);
  return {
    directory,
    databaseUrl,
    start: () => startServer({ dataDirectory: directory, databaseUrl, more }),
    end: () => rm(directory, { recursive: true, force: true }),
  };
}

/** @param {string} directory @returns {import("./place.mjs").Place} */
function embedded(directory) {
  return { directory, databaseUrl: undefined, start: () => startServer({ dataDirectory: directory, more }), end: async () => undefined };
}

const more = ["--webhook-allow", "127.0.0.1", "--webhook-retries", "50ms,200ms,500ms,1s,2s,2s,2s,2s,2s,2s,4s,8s,16s,32s"];

/**
 * Fills a disk to the last block but a few, which are left for what has begun.
 * @param {string} disk
 */
async function fill(disk) {
  const file = await open(path.join(disk, "ballast"), "w");
  for (const size of [1 << 20, 1 << 16, 1 << 12]) {
    const block = Buffer.alloc(size, 1);
    for (let room = true; room; ) room = await file.write(block).then(({ bytesWritten }) => bytesWritten === size, () => false);
  }
  await file.close();
  const { bavail } = await statfs(disk);
  if (bavail > 1) throw new Error(`${bavail} blocks are left on ${disk}`);
}

/** @type {Record<string, () => Promise<Scene>>} */
const scenes = {
  restart: async () => {
    const cluster = await Cluster.make();
    return { engine: "postgres", place: await on(cluster), url: cluster.url(), harm: () => cluster.stop("fast"), mend: () => cluster.start(), end: () => cluster.end() };
  },
  crash: async () => {
    const cluster = await Cluster.make();
    return { engine: "postgres", place: await on(cluster), url: cluster.url(), harm: () => cluster.stop("immediate"), mend: () => cluster.start(), end: () => cluster.end() };
  },
  away: async () => {
    const cluster = await Cluster.make();
    const harm = async () => {
      await cluster.stop("fast");
      await pause(away);
    };
    return { engine: "postgres", place: await on(cluster), url: cluster.url(), harm, mend: () => cluster.start(), end: () => cluster.end() };
  },
  frozen: async () => {
    const cluster = await Cluster.make();
    const harm = async () => {
      await cluster.freeze(true);
      await pause(away);
    };
    return { engine: "postgres", place: await on(cluster), url: cluster.url(), harm, mend: () => cluster.freeze(false), end: () => cluster.end() };
  },
  failover: async () => {
    // What was acknowledged is on the standby's disk: without that a failover may lose the last moments, whatever a program does.
    const settings = ["wal_level=replica"];
    let first = await Cluster.make({ settings });
    const place = await on(first);
    let second = await first.standby(settings);
    const name = new URL(place.databaseUrl ?? "").pathname;
    place.databaseUrl = `postgres://postgres@127.0.0.1:${first.port},127.0.0.1:${second.port}${name}`;
    const { databaseUrl, directory } = place;
    place.start = () => startServer({ dataDirectory: directory, databaseUrl, more });
    await synchronous(first);
    return {
      engine: "postgres",
      place,
      url: databaseUrl,
      harm: () => first.stop("immediate"),
      // It waits for no standby, since none was there when it was copied.
      mend: () => second.promote(),
      // The one that fell comes back as the standby of the other, from a fresh copy.
      between: async () => {
        const { port } = first;
        await first.end();
        const fresh = await second.standby(settings);
        await fresh.stop("fast");
        fresh.port = port;
        await fresh.start();
        await synchronous(second);
        [first, second] = [second, fresh];
      },
      end: async () => {
        await first.end();
        await second.end();
      },
    };
  },
  "full-postgres": async () => {
    const cluster = await Cluster.make({ megabytes: 320, settings: ["max_wal_size=48MB", "min_wal_size=32MB"] });
    const disk = cluster.home;
    return {
      engine: "postgres",
      place: await on(cluster),
      url: cluster.url(),
      harm: async () => {
        await fill(disk);
        await pause(away);
      },
      mend: async () => {
        await rm(path.join(disk, "ballast"));
        // It may have fallen for want of room: then whoever watches over it starts it again.
        if (!(await cluster.runs())) {
          await rm(path.join(cluster.data, "postmaster.pid"), { force: true });
          await cluster.start();
        }
      },
      end: () => cluster.end(),
    };
  },
  "full-sqlite": async () => {
    const home = await mkdtemp(path.join(tmpdir(), "stagecraft-disk-"));
    await promisify(execFile)("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", home]);
    const directory = path.join(home, "data");
    await mkdir(directory);
    return {
      engine: "sqlite",
      place: embedded(directory),
      url: "",
      reads: true,
      harm: async () => {
        await fill(home);
        await pause(away);
      },
      mend: () => rm(path.join(home, "ballast")),
      end: async () => {
        await promisify(execFile)("umount", [home]);
        await rm(home, { recursive: true, force: true });
      },
    };
  },
  folder: async () => {
    const home = await mkdtemp(path.join(tmpdir(), "stagecraft-folder-"));
    const directory = path.join(home, "data");
    await mkdir(directory);
    return {
      engine: "sqlite",
      place: embedded(directory),
      url: "",
      harm: async () => {
        await rename(directory, path.join(home, "elsewhere"));
        await pause(away);
      },
      mend: () => rename(path.join(home, "elsewhere"), directory),
      end: () => rm(home, { recursive: true, force: true }),
    };
  },
};

/** Waits until the standby of a primary follows it, so that commits wait for it. @param {Cluster} primary */
async function synchronous(primary) {
  await psql(primary.url(), "ALTER SYSTEM SET synchronous_standby_names = '*'");
  await psql(primary.url(), "SELECT pg_reload_conf()");
  for (let tries = 0; ; tries += 1) {
    if ((await psql(primary.url(), "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum') AND state = 'streaming'")) !== "0") return;
    if (tries > 300) throw new Error("the standby does not follow");
    await pause(100);
  }
}

/** @param {string} url */
async function readiness(url) {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) }).catch(() => undefined);
  return answer?.status === 200;
}

/** @param {string} kind */
async function run(kind) {
  const scene = await /** @type {() => Promise<Scene>} */ (scenes[kind])();
  const server = await scene.place.start();
  /** @type {import("./at-work.mjs").Entry[]} */
  const ledger = [];
  try {
    const office = await furnish(scene.place, server.url, { accounts: 12 });
    /** @type {import("../e2e/harness/receiver.mjs").Heard[]} */
    const heard = [];
    const port = await freePort();
    const webhook = await office.ada.create("/webhooks", {
      name: "Receiver",
      address: `http://127.0.0.1:${port}/in`,
      subscriptions: [{ object: "opportunity", acts: ["create", "edit", "move"], condition: { field: "name", op: "starts_with", value: "Told" } }],
    });
    const receiver = await startReceiver(port, [webhook.secret], (one) => heard.push(one));
    const stream = await listen(server.url, office.ada);
    /** @type {Map<string, number>} */
    const revisions = new Map();

    for (let time = 1; time <= times; time += 1) {
      const of = faults.begin(kind, scene.engine);
      const course = atWork(office, `Told ${time}`, { deals: 4 });
      await pause(800 + Math.random() * 700);
      const hurt = Date.now();
      await scene.harm();
      const during = course.acknowledged.filter((at) => at > hurt + 1_000).length;
      if (scene.reads) {
        const read = await office.ada.call("GET", "/records/opportunity?limit=5");
        if (read.status !== 200) of.fault(`reading answers ${read.status} meanwhile`);
        if (!(await readiness(server.url))) of.fault("it does not say that it is ready, though everything can be read");
      }
      const mended = Date.now();
      await scene.mend();
      const back = Date.now();
      let ready = 0;
      for (const until = Date.now() + 60_000; Date.now() < until; await pause(20)) {
        if (ready === 0 && (await readiness(server.url))) ready = Date.now();
        if (ready > 0 && course.acknowledged.some((at) => at > back)) break;
      }
      const first = course.acknowledged.find((at) => at > back);
      if (ready === 0) of.fault("it is not ready a minute after the database has come back");
      if (first === undefined) of.fault("nothing is acknowledged a minute after the database has come back");
      const recovered = Math.max(first ?? back, ready) - back;
      of.recovered(recovered);
      await pause(400);
      for (const fault of await course.end()) of.fault(fault);
      ledger.push(...course.written);
      const inFlight = await reckon(office, ledger, course, of.fault);

      // What happens now is told in the stream that was open all the time.
      const { record } = await office.ada.create("/records/opportunity", { fields: { name: `Told after ${time}` } });
      ledger.push({ kind: "deal", name: record.fields.name, id: record.id, stages: [], claims: 0, members: [], words: [] });
      if (!(await stream.hears(record.id, 20_000))) of.fault("an open event stream tells nothing any more");
      if (time === times) {
        await checkMany(office, ledger, of.fault);
        for (const entry of ledger.filter((one) => one.id && one.kind === "deal" && one.name.startsWith("Told"))) {
          const shown = await office.ada.read(`/records/opportunity/${entry.id}/history?limit=1`);
          revisions.set(String(entry.id), shown.items[0]?.revision ?? 1);
        }
        const until = Date.now() + 60_000;
        while (!complete(heard, revisions) && Date.now() < until) await pause(200);
        const missing = [...revisions].filter(([id, last]) => !complete(heard, new Map([[id, last]])));
        if (missing.length > 0) of.fault(`webhooks were not told all of ${missing.length} of ${revisions.size} deals, as ${missing[0]}`);
        const told = heard.filter(({ event }) => revisions.has(event.data.id));
        try {
          judge(kind, told, revisions);
        } catch (error) {
          of.fault(String(error));
        }
        const events = [...revisions.values()].reduce((sum, revision) => sum + revision, 0);
        of.note(`${events} events told to webhooks, ${told.length - events} of them repeated`);
      }
      of.counted(course.acknowledged.length, inFlight);
      const { away: gone, busy, full, unknown, broken } = course.refused;
      of.end(
        `harmed for ${((mended - hurt) / 1000).toFixed(1)} s (${during} writes acknowledged meanwhile), ${recovered} ms after it came back; ${course.acknowledged.length} writes acknowledged, ` +
          `told ${gone} times that the database is away, ${full} that the disk is full, ${busy} to come again, ${unknown} that nobody knows, ${broken} without an answer`,
      );
      if (time < times) await scene.between?.();
    }
    stream.close();
    await receiver.kill();
  } finally {
    if (faults.failed > 0) {
      console.log(`    The writers' ledger is in ${await keepLedger(kind, ledger)}.`);
      console.log(server.log().split("\n").filter((line) => /ERROR|panick/.test(line)).slice(-8).join("\n"));
    }
    await server.stop();
    await scene.place.end();
    await scene.end();
  }
}

try {
  for (const kind of kinds) {
    if (!options.only.split(",").includes(kind)) continue;
    if (kind.startsWith("full-") && !isRoot) {
      console.log(`${kind}: left out, since only root may give the database a disk of its own`);
      continue;
    }
    await run(kind);
  }
} finally {
  // What was tried until then counts, also where one of them broke off.
  await faults.sum();
}

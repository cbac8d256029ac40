// A backup under load, a move that is killed and begun anew, the way back, and another key: with the real program, from SQLite to PostgreSQL and back.
//
//   scripts/with-postgres.sh node scripts/move-database.mjs [--binary PATH]
//
// What the program itself says after each of them (every table compared, `check` without a finding) is one half; the other is what people
// meet: they sign in as before, records are there as they were, and a server on the place that was left says where the data went.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { binary, startServer } from "../e2e/harness/server.mjs";
import { prepare, psql } from "./place.mjs";

const { values: options } = parseArgs({ options: { binary: { type: "string" } } });
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
if (!process.env.STAGECRAFT_TEST_POSTGRES) throw new Error("run me by scripts/with-postgres.sh, or name a server in STAGECRAFT_TEST_POSTGRES");

/**
 * Runs a command and gives how it ended and all that it said.
 * @param {string[]} words
 * @returns {Promise<{code: number, said: string}>}
 */
function run(words) {
  return new Promise((resolve) => {
    execFile(binary(), words, { env: { ...process.env, NO_COLOR: "1" } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${out}${err}`.trim() });
    });
  });
}

/**
 * @param {string[]} words
 * @param {string} what must be among what it says
 * @param {number} [code]
 */
async function must(words, what, code = 0) {
  const done = await run(words);
  if (done.code !== code || !done.said.includes(what)) throw new Error(`stagecraft ${words.join(" ")}: ended with ${done.code}, not ${code} and “${what}”:\n${done.said}`);
  console.log(`${words[0]}: ${done.said.split("\n").at(-1)}`);
}

const folder = await mkdtemp(path.join(tmpdir(), "stagecraft-move-"));
const [files, old, back] = ["files", "old", "back"].map((name) => path.join(folder, name));
if (!files || !old || !back) throw new Error("there are folders");
const [target, restored] = [await prepare("postgres"), await prepare("postgres")];
const [to, other] = [target.databaseUrl ?? "", restored.databaseUrl ?? ""];
/** @type {import("../e2e/harness/server.mjs").Server | undefined} */
let server;
try {
  server = await startServer({ dataDirectory: old, more: ["--files-dir", files] });
  const administrator = { name: "Ada Faulkner", email: "ada@northwind.example", password: "correct-horse-battery" };
  const ada = await setUp(server.url, administrator);

  // An object of one's own, with values that engines keep in different ways.
  const label = (/** @type {string} */ en) => ({ en });
  const made = await ada.create("/objects", { label: label("Site visit"), plural: label("Site visits") });
  const visit = made.object.key;
  for (const field of [
    { key: "x_costs", label: label("Costs"), type: "currency" },
    { key: "x_hours", label: label("Hours"), type: "number", scale: 2 },
    { key: "x_on", label: label("On"), type: "date" },
    { key: "x_well", label: label("Went well"), type: "boolean" },
    { key: "x_report", label: label("Report"), type: "long_text" },
    { key: "x_no", label: label("No"), type: "auto_number", pattern: "SV-{0000}" },
    { key: "x_deal", label: label("Deal"), type: "reference", object: "opportunity" },
  ]) {
    await ada.create(`/objects/${visit}/fields`, field);
  }
  for (let left = 120; ; left -= 1) {
    const jobs = await ada.read("/jobs");
    if (jobs.items.every((/** @type {any} */ job) => job.state === "done")) break;
    if (left === 0) throw new Error(`fields are not ready: ${JSON.stringify(jobs)}`);
    await pause(250);
  }
  const odd = "Zürich 苏黎世 \u{1f682} 'quoted' \"twice\" \\n | , ;";
  const deal = (await ada.create("/records/opportunity", { fields: { name: odd, amount: "1234.56", expected_close_date: "2030-01-31" } })).record.id;
  const fields = { name: odd, x_costs: "-0.01", x_hours: "2.25", x_on: "2024-02-29", x_well: true, x_report: `${odd}\n`.repeat(200), x_deal: deal };
  const one = (await ada.create(`/records/${visit}`, { fields })).record.id;
  const before = await ada.read(`/records/${visit}/${one}`);

  // A backup while people write.
  let writing = true;
  let written = 0;
  const load = (async () => {
    while (writing) {
      await ada.create("/records/account", { fields: { name: `Account ${written} ${Math.random()}` } });
      written += 1;
    }
  })();
  const file = path.join(folder, "backup.zip");
  await must(["backup", "--to", file, "--data-dir", old, "--files-dir", files], "rows in");
  writing = false;
  await load;
  console.log(`${written} records were written meanwhile.`);
  const health = await ada.read("/system/health");
  if (!health.parts.some((/** @type {any} */ part) => part.key === "backup" && part.says === "backup.ok")) throw new Error(`no backup is told of: ${JSON.stringify(health)}`);
  await must(["backup", "--to", file, "--data-dir", old], "never overwritten", 1);
  await must(["backup", "--verify", file], "is whole");
  const bytes = await readFile(file);
  await writeFile(path.join(folder, "short.zip"), bytes.subarray(0, bytes.length - 1000));
  await must(["backup", "--verify", path.join(folder, "short.zip")], "cut short or damaged", 1);
  await must(["restore", "--from", file, "--database-url", other, "--files-dir", path.join(folder, "elsewhere")], "Everything agrees");
  await must(["restore", "--from", file, "--database-url", other, "--files-dir", files], "name an empty place", 1);

  // An upgrade is tried while it is served, and nothing is moved.
  await must(["migrate", "--check", "--data-dir", old, "--files-dir", files], "left as it is");
  await must(["move-database", "--data-dir", old, "--to", to, "--files-dir", files], "has the database open", 1);
  await server.stop();

  // Killed in between, it leaves an empty place.
  const child = spawn(binary(), ["move-database", "--data-dir", old, "--to", to, "--files-dir", files], { stdio: "ignore" });
  await pause(150);
  child.kill("SIGKILL");
  await once(child, "exit");
  await must(["move-database", "--data-dir", old, "--to", to, "--files-dir", files], "Everything agrees");
  await must(["serve", "--data-dir", old, "--files-dir", files, "--listen", "127.0.0.1:0"], "was moved to postgres", 1);

  // Whoever was signed in goes on; what was there is there.
  server = await startServer({ dataDirectory: old, databaseUrl: to, more: ["--files-dir", files] });
  const again = await signInAgain(server.url);
  const after = await again.read(`/records/${visit}/${one}`);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error(`another record came back:\n${JSON.stringify(before)}\n${JSON.stringify(after)}`);
  const next = await again.create(`/records/${visit}`, { fields: { name: "Next", x_deal: deal } });
  if (next.record.fields.x_no !== "SV-0002") throw new Error(`the next number is ${next.record.fields.x_no}`);
  await must(["migrate", "--check", "--database-url", to, "--files-dir", files], "left as it is");

  // Views for reports follow within seconds.
  const view = `SELECT x_deal_name || '|' || x_costs || '|' || x_on || '|' || x_well FROM reporting.${visit} WHERE x_hours = 2.25`;
  for (let left = 100; ; left -= 1) {
    const told = await psql(to, view).catch((error) => String(error));
    if (told === `${odd}|-0.0100|2024-02-29|true`) break;
    if (left === 0) throw new Error(`the view tells ${told}`);
    await pause(100);
  }
  await must(["move-database", "--database-url", to, "--to", back, "--files-dir", files], "has the database open", 1);
  await server.stop();
  await must(["move-database", "--database-url", to, "--to", back, "--files-dir", files], "Everything agrees");
  server = await startServer({ dataDirectory: back, more: ["--files-dir", files] });
  const home = await signInAgain(server.url);
  const there = await home.read(`/records/${visit}/${one}`);
  if (JSON.stringify(there) !== JSON.stringify(before)) throw new Error("another record came back from PostgreSQL");

  // The key of the secrets is changed: not beside a server, and afterwards the one of before is no key any more.
  const key = (/** @type {string} */ name) => path.join(folder, `${name}.key`);
  const of = (/** @type {string} */ name) => ["--data-dir", back, "--files-dir", files, "--secret-key-file", key(name)];
  await home.create("/webhooks", { name: "Warehouse", address: "https://hooks.example.com/in", subscriptions: [{ object: "opportunity", acts: ["create"] }] });
  await writeFile(key("first"), "0123456789abcdef0123456789abcdef\n");
  await must(["secrets", "rekey", "--to", key("second"), ...of("first")], "has the database open", 1);
  await server.stop();
  server = await startServer({ dataDirectory: back, more: ["--files-dir", files, "--secret-key-file", key("first")] });
  await server.stop();
  await must(["secrets", "rekey", "--to", key("first"), ...of("first")], "is the one of before", 1);
  await must(["secrets", "rekey", "--to", key("second"), ...of("first")], "secrets that are sealed with it now: 1");
  if (((await stat(key("second"))).mode & 0o777) !== 0o600) throw new Error("others may read the key that was made");
  await must(["serve", "--listen", "127.0.0.1:0", ...of("first")], "not with this server's key", 1);
  server = await startServer({ dataDirectory: back, more: ["--files-dir", files, "--secret-key-file", key("second")] });
  await signInAgain(server.url);

  /** @param {string} url */
  async function signInAgain(url) {
    return signIn(url, administrator.email, administrator.password);
  }
} finally {
  await server?.kill();
  await target.end();
  await restored.end();
  await rm(folder, { recursive: true, force: true });
}
console.log("Backed up, restored, moved there and back, and sealed anew.");

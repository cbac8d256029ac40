// Asks every call of the description with what fits it and with what does not, as an administrator and as a salesperson.
//
//   node scripts/test-schema.mjs [--examples 1] [--phases fuzzing] [--seconds 50] [--seed 2026] [--only kim|ada] [--match REGEX] [--binary PATH] [--report FILE]
//
// A server of its own on SQLite with the demo company; schemathesis makes the requests. No answer may be a fault of the server's (5xx) or have
// a status, a media type or a body that the description does not know, and nobody may get in without a token. The description is the one that
// is served; the ids and names that it cannot know are filled in from what there is. Ends with "Faults: N passed, M failed", counted in calls.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { signIn } from "../e2e/harness/api.mjs";
import { people } from "../e2e/harness/people.mjs";
import { startServer } from "../e2e/harness/server.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    examples: { type: "string", default: "1" },
    phases: { type: "string", default: "fuzzing" },
    seconds: { type: "string", default: "0" },
    seed: { type: "string", default: "2026" },
    only: { type: "string" },
    match: { type: "string" },
    binary: { type: "string" },
    report: { type: "string" },
  },
});
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);

/** Calls that are left alone: streams without an end, visits of a browser, what would shut out whoever asks, what would ask others. */
const PASSED_OVER = [
  "GET /events",
  "GET /auth/provider",
  "GET /auth/provider/callback",
  "PATCH /sign-in-settings",
  "POST /sign-in-settings/try-provider",
  "DELETE /me/tokens/{id}",
  "PUT /organisation/mail",
  "POST /organisation/mail/test",
];

/** The place where schemathesis lies, made when it is not there. */
function tool() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(here, "../target");
  const place = path.join(target, "schemathesis");
  const program = path.join(place, "bin/schemathesis");
  if (existsSync(program)) return program;
  const make = () => spawnSync("python3", ["-m", "venv", "--clear", place], { stdio: ["ignore", "ignore", "pipe"] });
  if (make().status !== 0) {
    execFileSync(path.join(here, "apt-install.sh"), ["python3", "python3-venv"], { stdio: "inherit" });
    const made = make();
    if (made.status !== 0) throw new Error(`No Python environment can be made in ${place}: ${made.stderr}`);
  }
  execFileSync(path.join(place, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", path.join(here, "schemathesis.txt")], { stdio: "inherit" });
  return program;
}

/** What was asked so far, read from the report that the tool writes as it goes. */
class Asked {
  /** @type {Set<string>} */
  calls = new Set();
  requests = 0;
  /** @type {Map<string, number>} answers by the first digit of their status */
  answers = new Map();
  #read = 0;
  #rest = "";

  /** @param {string} report */
  constructor(report) {
    this.report = report;
  }

  /** Reads what was added. */
  async look() {
    const file = await open(this.report).catch(() => undefined);
    if (!file) return;
    try {
      for await (const bytes of file.createReadStream({ start: this.#read, encoding: "utf8" })) {
        this.#read += Buffer.byteLength(bytes);
        const lines = `${this.#rest}${bytes}`.split("\n");
        this.#rest = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith('{"ScenarioFinished"')) this.#count(JSON.parse(line).ScenarioFinished);
      }
    } finally {
      await file.close();
    }
  }

  /** @param {any} scenario */
  #count(scenario) {
    this.calls.add(scenario.recorder.label);
    for (const { response } of Object.values(scenario.recorder.interactions ?? {})) {
      this.requests += 1;
      const kind = response ? `${Math.floor(response.status_code / 100)}xx` : "no answer";
      this.answers.set(kind, (this.answers.get(kind) ?? 0) + 1);
    }
  }

  told() {
    return `${this.requests} requests (${[...this.answers].sort().map(([kind, many]) => `${many} ${kind}`).join(", ")})`;
  }
}

/**
 * Runs the tool and says every ten seconds how far it is, since it says nothing itself until it ends.
 * @param {string} program
 * @param {string[]} words
 * @param {string} folder
 * @param {(seconds: number) => Promise<void>} tell
 */
async function running(program, words, folder, tell) {
  const began = Date.now();
  const child = spawn(program, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1", COLUMNS: "160" } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const closed = once(child, "close");
  for (;;) {
    // One after the other, since both read on where the last has stopped.
    const ended = await Promise.race([closed, pause(10_000)]);
    if (ended) return { status: ended[0], signal: ended[1], said, seconds: seconds() };
    await tell(seconds());
  }
}

/** @typedef {import("../e2e/harness/api.mjs").Session} Session */

/**
 * What there is of each kind, by the word that names it in a path.
 * @param {Session} api
 * @returns {Promise<Record<string, string[]>>}
 */
async function known(api) {
  /** @type {Record<string, string[]>} */
  const ids = {};
  const lists = {
    "approval-flows": "/approval-flows",
    approvals: "/approvals?which=all",
    calendars: "/calendars",
    charts: "/charts",
    "duplicate-groups": "/duplicate-groups?object=account",
    "duplicate-rules": "/duplicate-rules",
    "holding-rules": "/holding-rules",
    jobs: "/jobs",
    "lead-assignment-rules": "/lead-assignment-rules",
    pools: "/pools",
    processes: "/processes",
    "sharing-rules": "/sharing-rules",
    views: "/views?object=opportunity",
    "web-forms": "/web-forms",
    "records/opportunity": "/records/opportunity?limit=4",
    "records/account": "/records/account?limit=3",
    "records/lead": "/records/lead?limit=3",
    "records/quote": "/records/quote?limit=3",
    "records/sales_order": "/records/sales_order?limit=3",
    "records/task": "/records/task?limit=3",
    people: "/records/employee?limit=5&q=lee",
    departments: "/departments",
  };
  for (const [kind, list] of Object.entries(lists)) {
    const answer = await api.call("GET", list);
    const items = answer.status === 200 ? (answer.body.items ?? []) : [];
    ids[kind] = items.slice(0, 4).map((/** @type {any} */ item) => item.id).filter(Boolean);
  }
  return ids;
}

/**
 * Fills in what no description can know.
 * @param {any} document
 * @param {Record<string, string[]>} ids
 */
function fill(document, ids) {
  /** @type {Record<string, string[]>} */
  const names = {
    object: ["opportunity", "account", "lead", "quote", "nothing"],
    field: ["stage", "amount", "lead_source"],
    key: ["administrator", "salesperson"],
    role: ["salesperson"],
    version: ["1"],
    person: ids.people ?? [],
    department: ids.departments ?? [],
    currency: ["EUR", "USD"],
    day: ["2026-01-01"],
  };
  for (const [place, methods] of Object.entries(document.paths)) {
    const parts = place.split("/").slice(1);
    const kind = parts[0] === "records" ? `records/${parts[1] === "{object}" ? "opportunity" : parts[1]}` : (parts[0] ?? "");
    for (const [method, operation] of Object.entries(methods)) {
      if (PASSED_OVER.includes(`${method.toUpperCase()} ${place}`)) {
        delete methods[method];
        continue;
      }
      for (const parameter of operation.parameters ?? []) {
        if (parameter.in !== "path") continue;
        const values = parameter.name === "id" ? ids[kind] : names[parameter.name];
        // One that is not there belongs to them.
        if (values && values.length > 0) parameter.schema = { type: "string", enum: [...values, ...(parameter.name === "id" ? ["019c9b8c-9eff-760c-b861-5147e2b9d911"] : [])] };
        delete parameter.example;
      }
    }
  }
  return document;
}

/**
 * @param {string} program
 * @param {import("../e2e/harness/server.mjs").Server} server
 * @param {string} email
 * @param {string} folder
 * @returns {Promise<{calls: number, failed: Set<string>, said: string, told: string}>}
 */
async function ask(program, server, email, folder) {
  const administrator = await signIn(server.url, people.ada);
  const api = await signIn(server.url, email);
  const { token } = await api.create("/me/tokens", { name: "the description is tried" });
  const document = fill(await api.read("/openapi.json"), await known(administrator));
  const calls = Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  const file = path.join(folder, "openapi.json");
  const report = path.join(folder, "report.ndjson");
  await writeFile(file, JSON.stringify(document));
  const checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,ignored_auth";
  const words = ["run", file, "--url", `${server.url}/api/v1`, "-H", `Authorization: Bearer ${token}`, "--checks", checks, "--continue-on-failure"];
  words.push("--max-examples", options.examples, "--seed", options.seed, "--workers", "6", "--phases", options.phases, "--no-shrink");
  words.push("--request-timeout", "30", "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson", "--report-ndjson-path", report);
  if (Number(options.seconds) > 0) words.push("--max-time", options.seconds);
  if (options.match) words.push("--include-path-regex", options.match);
  const name = email.split("@")[0];
  const asked = new Asked(report);
  const run = await running(program, words, folder, async (seconds) => {
    await asked.look();
    console.log(`  ${name}, ${seconds} s: ${asked.calls.size} of ${calls} calls, ${asked.told()}`);
  });
  await asked.look();
  const said = run.said;
  if (options.report) await copyFile(report, `${options.report}-${name}.ndjson`);
  const still = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  const failed = new Set([...said.matchAll(/^_+ (GET|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) _+$/gm)].map((one) => `${one[1]} ${one[2]}`));
  if (still.status !== 200) failed.add("the token, which is good no more");
  if (run.status !== 0 && failed.size === 0) failed.add(`schemathesis (${run.status ?? run.signal})`);
  // What fits can be found for none of them: the tool has given up.
  if (failed.size === 0 && asked.calls.size < calls) failed.add(`what was not asked: ${calls - asked.calls.size} calls`);
  return { calls, failed, said, told: `${asked.told()} in ${run.seconds} s` };
}

const program = tool();
const folder = await mkdtemp(path.join(tmpdir(), "stagecraft-schema-"));
let [passed, failed] = [0, 0];
console.log("A server with the demo company is started.");
const server = await startServer({ demo: true });
try {
  for (const who of options.only ? [options.only] : ["kim", "ada"]) {
    const told = await ask(program, server, people[/** @type {"kim" | "ada"} */ (who)], folder);
    if (told.failed.size > 0) console.log(told.said);
    console.log(`${who}: ${told.calls} calls, ${told.told}, of which ${told.failed.size} do not keep to the description${told.failed.size > 0 ? `: ${[...told.failed].sort().join(", ")}` : ""}`);
    passed += told.calls - told.failed.size;
    failed += told.failed.size;
  }
  for (const line of server.log().split("\n")) if (/internal error|panicked/.test(line)) console.log(`  log: ${line}`);
} finally {
  await server.stop();
}
await rm(folder, { recursive: true, force: true });
console.log(`Faults: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

// Many notices due in the same instant, three servers on one PostgreSQL, one killed in the middle, and a real mail server.
//
//   scripts/with-postgres.sh node scripts/faults-notices.mjs [--notices 10000] [--people 20] [--binary PATH]
//
// In the app each must have been told exactly once; by e-mail each at least once, all with Message-IDs of their own, and none more often
// than what the killed server had in its hands: one message. The reminders are those of tasks, made through the API.
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setUp, signIn } from "../e2e/harness/api.mjs";
import { startMailServer } from "../e2e/harness/mail.mjs";
import { prepare, psql } from "./place.mjs";

const { values: options } = parseArgs({
  options: { notices: { type: "string", default: "10000" }, people: { type: "string", default: "20" }, binary: { type: "string" } },
});
const notices = Number(options.notices);
const people = Number(options.people);
if (options.binary) process.env.STAGECRAFT_BINARY = path.resolve(options.binary);
if (!process.env.STAGECRAFT_TEST_POSTGRES) throw new Error("run me by scripts/with-postgres.sh, or name a server in STAGECRAFT_TEST_POSTGRES");

const mail = await startMailServer();
const smtp = ["--smtp-host", "127.0.0.1", "--smtp-port", String(mail.port), "--smtp-security", "none", "--smtp-from", "crm@northwind.example"];
const place = await prepare("postgres", smtp);
const databaseUrl = place.databaseUrl ?? "";
const ask = async (/** @type {string} */ sql) => (await psql(databaseUrl, sql)).split("|").map(Number);
/** @type {import("../e2e/harness/server.mjs").Server[]} */
const servers = [];
const seconds = (/** @type {number} */ since) => ((Date.now() - since) / 1000).toFixed(1);
/** @type {string[]} */
const wrong = [];

/**
 * @param {boolean} holds
 * @param {string} what
 */
function must(holds, what) {
  if (!holds) wrong.push(what);
}

try {
  for (let n = 0; n < 3; n += 1) servers.push(await place.start());
  const [first, second, third] = servers;
  if (!first || !second || !third) throw new Error("three servers were to run");
  const administrator = { name: "Ada Faulkner", email: "ada@northwind.example", password: "correct-horse-battery" };
  await setUp(first.url, administrator);
  const sessions = await Promise.all(servers.map((server) => signIn(server.url, administrator.email, administrator.password)));
  const [api] = sessions;
  if (!api) throw new Error("nobody is signed in");
  /** @type {string[]} */
  const assignees = [];
  for (let n = 0; n < people; n += 1) {
    const fields = { name: `Person ${n}`, email: `person${n}@northwind.example`, roles: ["salesperson"], active: true };
    assignees.push((await api.create("/records/employee", { fields })).record.id);
  }

  // Tasks whose reminders are far off, by as many hands as make it quick.
  const begun = Date.now();
  const far = "2030-01-01T09:00:00Z";
  let next = 0;
  const hand = async (/** @type {number} */ n) => {
    for (let at = next++; at < notices; at = next++) {
      const fields = { name: `Call number ${at}`, assignee: assignees[at % people], remind_at: far };
      const session = sessions[n % sessions.length] ?? api;
      let answer = await session.call("POST", "/records/task", { fields });
      for (; answer.status === 503 || answer.status === 429; answer = await session.call("POST", "/records/task", { fields })) await pause(100);
      if (answer.status >= 400) throw new Error(`POST /records/task: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
  };
  await Promise.all(Array.from({ length: 9 }, (_, n) => hand(n)));
  const [set] = await ask("SELECT count(*) FROM reminder WHERE kind = 'reminder'");
  if ((set ?? 0) < notices) throw new Error(`${set} reminders were set, ${notices} were to be`);
  console.log(`${set} reminders set in ${seconds(begun)} s.`);
  const due = set ?? 0;

  // The instant comes: the same for all of them, in two seconds by the database's clock.
  await psql(databaseUrl, "UPDATE reminder SET at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 2000000 WHERE kind = 'reminder'");
  const came = Date.now() + 2000;
  const told = async () => (await ask("SELECT count(*) FROM notice WHERE kind = 'reminder'"))[0] ?? 0;
  // One is killed while all three tell and send.
  while ((await told()) < due * 0.3 || mail.taken.length === 0) await pause(20);
  const [atKill, sentAtKill] = [await told(), mail.taken.length];
  await second.kill();
  const [held] = await ask("SELECT count(*) FROM mail WHERE state = 'waiting' AND lease IS NOT NULL");
  console.log(`Killed one of three ${seconds(came)} s after: ${atKill} told, ${sentAtKill} sent, ${held} claimed by the three.`);
  while ((await told()) < due) await pause(50);
  const inApp = seconds(came);
  const waiting = async () => (await ask("SELECT count(*) FROM mail WHERE state = 'waiting'"))[0] ?? 0;
  for (let last = -1, since = Date.now(); (await waiting()) > 0; await pause(200)) {
    if (mail.taken.length !== last) [last, since] = [mail.taken.length, Date.now()];
    if (Date.now() - since > 120_000) throw new Error(`nothing has been sent for two minutes; ${await waiting()} wait\n${third.log().slice(-2000)}`);
  }
  const byMail = seconds(came);
  // What a server had in its hands comes within the lease; twice that, and it would have come.
  await pause(1_000);

  const [all, records, left] = await ask(
    "SELECT count(*), count(DISTINCT (person, record)), (SELECT count(*) FROM reminder WHERE kind = 'reminder') FROM notice WHERE kind = 'reminder'",
  );
  must(all === due && records === due && left === 0, `in the app: ${all} told of ${due}, ${records} different, ${left} left`);
  const [mails, ids, sent] = await ask("SELECT count(*), count(DISTINCT message_id), count(*) FILTER (WHERE state = 'sent') FROM mail");
  must(mails === due && ids === due && sent === due, `e-mails written: ${mails}, of ${ids} Message-IDs, ${sent} sent, of ${due}`);
  const taken = mail.taken.map((one) => one.headers["message-id"] ?? "");
  const distinct = new Set(taken);
  const repeats = taken.length - distinct.size;
  must(distinct.size === due, `${distinct.size} different Message-IDs came of ${due}`);
  must(repeats <= 1, `${repeats} came again, where the killed server had one in its hands`);
  const expected = new Set((await psql(databaseUrl, "SELECT message_id FROM mail")).split("\n"));
  must([...distinct].every((id) => expected.has(id)), "a Message-ID came that was never written");
  console.log(`In the app all ${due} once, after ${inApp} s. By e-mail all ${distinct.size} after ${byMail} s, ${repeats} twice.`);
  const person = await signIn(first.url, administrator.email, administrator.password);
  await person.read("/mail?state=failed").then((answer) => must(answer.items.length === 0, `${answer.items.length} e-mails failed`));
} finally {
  for (const server of servers) await server.kill();
  await mail.stop();
  await place.end();
}
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}

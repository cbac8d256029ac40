import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { setUp, signIn } from "../harness/api.mjs";
import { startMailServer } from "../harness/mail.mjs";
import { startServer } from "../harness/server.mjs";

const ada = { name: "Ada Lind", email: "ada@northwind.example", password: "a-long-enough-secret" };
const usual = { sender_name: "销售团队", sender_address: "crm@northwind.example", host: "localhost" };
/** @type {string} */
let directory;
/** @type {{key: string, cert: string}} */
let certificate;

before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "stagecraft-mail-"));
  certificate = { key: path.join(directory, "key.pem"), cert: path.join(directory, "cert.pem") };
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await promisify(execFile)("openssl", [...words, "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", certificate.key, "-out", certificate.cert]);
  process.env.SSL_CERT_FILE = certificate.cert;
});

after(async () => {
  delete process.env.SSL_CERT_FILE;
  await rm(directory, { recursive: true, force: true });
});

/**
 * Waits for what must come soon.
 * @template T
 * @param {() => T | undefined | false | Promise<T | undefined | false>} look
 * @param {string} what
 * @returns {Promise<T>}
 */
async function soon(look, what) {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const found = await look();
    if (found) return found;
    await pause(100);
  }
  throw new Error(`${what} did not come`);
}

test("E-mail arrives over TLS in the reader's language, and what a mail server refuses is told", async () => {
  const server = await startServer({ more: ["--public-url", "https://crm.northwind.example"] });
  const sign = { user: "crm", password: "the mail server's secret" };
  const starttls = await startMailServer({ tls: "starttls", ...certificate, ...sign });
  const tls = await startMailServer({ tls: "tls", ...certificate, ...sign });
  const open = await startMailServer();
  try {
    const api = await setUp(server.url, ada);
    const save = async (/** @type {object} */ body) => {
      const answer = await api.call("PUT", "/organisation/mail", { ...usual, ...body });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    const tries = () => api.create("/organisation/mail/test", {});

    // Three ways to a mail server, and three that lead nowhere.
    await save({ port: starttls.port, security: "starttls", ...sign });
    assert.deepEqual(await tries(), { ok: true, address: ada.email, reason: null });
    assert.ok(starttls.taken[0]?.secure && starttls.taken[0].text.includes("arrives"));
    await save({ port: tls.port, security: "tls", ...sign });
    assert.equal((await tries()).ok, true);
    await save({ port: open.port, security: "none" });
    assert.equal((await tries()).ok, true);
    await save({ port: starttls.port, security: "starttls", user: "crm", password: "wrong" });
    assert.match((await tries()).reason, /535|wrong name or password/);
    await save({ port: open.port, security: "starttls" });
    assert.match((await tries()).reason, /STARTTLS/);
    await save({ host: "127.0.0.1", port: tls.port, security: "tls", ...sign });
    assert.match((await tries()).reason, /certificate/i);

    // Notices: one in Chinese, one to nobody, one that has to wait.
    await save({ port: open.port, security: "none" });
    const hire = async (/** @type {string} */ name, /** @type {string} */ email, language = "en") => {
      const made = await api.create("/records/employee", { fields: { name, email, roles: ["salesperson"], active: true, language } });
      await api.create(`/people/${made.record.id}/password`, { password: "stagecraft-demo" }).catch(() => {});
      const own = await signIn(server.url, email);
      const chosen = { kinds: [{ kind: "assigned", in_app: true, email: "at_once" }], digest_at: "08:00", digest_days: ["monday"] };
      const answer = await own.call("PUT", "/me/notification-preferences", chosen);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return made.record.id;
    };
    const people = {
      zhang: await hire("张伟", "zhang@northwind.example", "zh-CN"),
      refused: await hire("Rita Gone", "refused@northwind.example"),
      later: await hire("Lars Later", "later@northwind.example"),
    };
    const deal = await api.create("/records/opportunity", { fields: { name: "高铁项目 <b>一期</b>\u2028Bcc: everybody@example.com" } });
    for (const owner of Object.values(people)) {
      const path = `/records/opportunity/${deal.record.id}`;
      await api.create(`${path}/change-owner`, { owner, keep_as: "read" });
    }
    const mail = await soon(() => open.taken.find((one) => one.to.includes("zhang@northwind.example")), "the e-mail in Chinese");
    assert.match(mail.headers.subject ?? "", /^高铁项目 <b>一期<\/b> ?Bcc: everybody@example\.com现由您负责$/);
    assert.equal(mail.headers.bcc, undefined);
    assert.equal(mail.headers.from, "销售团队 <crm@northwind.example>");
    assert.equal(mail.headers["auto-submitted"], "auto-generated");
    assert.equal(mail.headers["list-unsubscribe"], "<https://crm.northwind.example/me>");
    assert.match(mail.headers["message-id"] ?? "", /^<[0-9a-f]{32}@northwind\.example>$/);
    assert.ok(Math.abs(Date.parse(mail.headers.date ?? "") - Date.now()) < 60_000);
    assert.ok(mail.text.includes(`https://crm.northwind.example/o/opportunity/${deal.record.id}`) && mail.text.startsWith("张伟，您好："));
    assert.ok(mail.html.includes("&lt;b&gt;一期&lt;/b&gt;") && !mail.html.includes("<b>"));

    const states = async () => {
      const { items } = await api.read("/mail");
      return Object.fromEntries(items.map((/** @type {any} */ one) => [one.address, one]));
    };
    const told = await soon(async () => {
      const all = await states();
      return all["refused@northwind.example"] && all["later@northwind.example"]?.attempts === 1 && all;
    }, "what became of the others");
    assert.equal(told["refused@northwind.example"].state, "failed");
    assert.match(told["refused@northwind.example"].message, /550.*no such person here|no such person here/);
    assert.equal(told["later@northwind.example"].state, "waiting");
    assert.match(told["later@northwind.example"].message, /451|come again later/);
    assert.ok(Date.parse(told["later@northwind.example"].run_at) > Date.now() + 30_000, "it is tried again in about a minute");
    assert.equal(new Set(open.taken.map((one) => one.headers["message-id"])).size, open.taken.length);
  } finally {
    await server.stop();
    await Promise.all([starttls, tls, open].map((one) => one.stop()));
  }
});

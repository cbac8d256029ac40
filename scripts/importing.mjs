// Sends files to a server, imports them and waits for their end, as the wizard does.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/**
 * @typedef {import("../e2e/harness/api.mjs").Session} Session
 * @typedef {{status: number, body: any}} Answer
 */

export const administrator = { name: "Ada Faulkner", email: "ada@northwind.example", password: "correct-horse-battery" };

/**
 * A way in for multipart, beside the session.
 * @param {string} url
 */
export async function enter(url) {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify({ email: administrator.email, password: administrator.password }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  const me = await answer.json();
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const headers = { cookie, "x-csrf-token": me.csrf_token };

  /**
   * @param {string} name
   * @param {Buffer} content
   * @returns {Promise<Answer>}
   */
  async function upload(name, content) {
    const body = new FormData();
    body.append("file", new Blob([new Uint8Array(content)]), name);
    const sent = await fetch(`${url}/api/v1/imports/files`, { method: "POST", headers, body });
    return { status: sent.status, body: await sent.json() };
  }

  /** @param {string} path */
  async function text(path) {
    const read = await fetch(`${url}/api/v1${path}`, { headers });
    if (!read.ok) throw new Error(`GET ${path}: ${read.status}`);
    return read.text();
  }

  return { upload, text };
}

/**
 * Follows an import until it has ended.
 * @param {Session} session
 * @param {string} id
 * @param {number} [patience] milliseconds
 */
export async function ended(session, id, patience = 600_000) {
  const until = Date.now() + patience;
  for (;;) {
    const shown = await session.read(`/imports/${id}`);
    if (!["waiting", "running", "undoing"].includes(shown.state)) return shown;
    if (Date.now() > until) throw new Error(`the import stalls: ${JSON.stringify({ ...shown, problems: undefined })}`);
    await pause(100);
  }
}

/**
 * @param {Session} session
 * @param {Awaited<ReturnType<typeof enter>>} door
 * @param {string} name
 * @param {Buffer | string} content
 * @param {object} options
 */
export async function imported(session, door, name, content, options) {
  const sent = await door.upload(name, Buffer.from(content));
  if (sent.status !== 201) throw new Error(`${name}: ${JSON.stringify(sent.body)}`);
  const begun = await session.create("/imports", { file: sent.body.items[0].id, options });
  return ended(session, begun.id);
}

// A program's way in: the same API as the screens use, for preparing a story and for looking at what it left behind.
import { randomUUID } from "node:crypto";

export const demoPassword = "stagecraft-demo";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} body
 * @property {Headers} headers
 */

/**
 * @typedef {object} Session
 * @property {any} me
 * @property {Record<string, string>} credentials headers by which it is known
 * @property {(path: string) => Promise<any>} read the body of a GET, which must succeed
 * @property {(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>} call any answer
 * @property {(path: string, body: unknown) => Promise<any>} create the body of a POST, which must succeed
 */

/**
 * @param {string} url
 * @returns {Promise<any>}
 */
export async function setup(url) {
  const answer = await fetch(`${url}/api/v1/setup`);
  return answer.json();
}

/**
 * Signs in and returns what that person can do.
 * @param {string} url
 * @param {string} email
 * @param {string} [password]
 * @returns {Promise<Session>}
 */
export async function signIn(url, email, password = demoPassword) {
  return begin(url, "/auth/login", { email, password });
}

/**
 * Fills an empty database with an organisation and its administrator, who is then signed in.
 * @param {string} url
 * @param {{name: string, email: string, password: string}} administrator
 * @returns {Promise<Session>}
 */
export async function setUp(url, administrator) {
  return begin(url, "/setup", {
    organisation: "Northwind Trading",
    main_currency: "USD",
    time_zone: "Europe/Berlin",
    language: "en",
    ...administrator,
  });
}

/**
 * @param {string} url
 * @param {string} path
 * @param {Record<string, string>} body
 * @returns {Promise<Session>}
 */
async function begin(url, path, body) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  const me = await answer.json();
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(me)}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  return session(url, me, { cookie, "x-csrf-token": me.csrf_token });
}

/**
 * @param {string} url
 * @param {any} me
 * @param {Record<string, string>} credentials
 * @returns {Session}
 */
function session(url, me, credentials) {
  /** @type {Session["call"]} */
  async function call(method, path, body, headers = {}) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...credentials,
        ...(body === undefined || body instanceof FormData ? {} : { "content-type": "application/json" }),
        ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        ...headers,
      },
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text), headers: answer.headers };
  }

  /** @type {(method: string, path: string, body?: unknown) => Promise<any>} */
  async function must(method, path, body) {
    const answer = await call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return { me, credentials, call, read: (path) => must("GET", path), create: (path, body) => must("POST", path, body) };
}

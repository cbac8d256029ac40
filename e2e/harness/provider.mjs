// A real provider of OpenID Connect, in a process of its own on a port of this machine. It answers everybody's sign-in with the account
// that its first form names; `node provider.mjs <port> <redirect-uri>` starts it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const client = { id: "stagecraft", secret: "a secret of the story" };

/**
 * @typedef {object} Provider
 * @property {string} issuer
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a provider that sends browsers back to Stagecraft at `url`.
 * @param {string} url
 * @returns {Promise<Provider>}
 */
export async function startProvider(url) {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), String(port), url], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the provider ended at once (${code})\n${said}`)));
    createInterface({ input: child.stdout }).once("line", resolve);
  });
  return {
    issuer: `http://localhost:${port}`,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(() => resolve(undefined)));
  return address.port;
}

/**
 * The provider itself: accounts are e-mail addresses, verified unless they begin with `unverified`.
 * @param {number} port
 * @param {string} url
 */
async function serve(port, url) {
  // Named so that the types of the stories need not know it.
  const library = "oidc-provider";
  const { Provider: OpenIdProvider } = await import(library);
  const provider = new OpenIdProvider(`http://localhost:${port}`, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${url}/api/v1/auth/provider/callback`],
        post_logout_redirect_uris: [`${url}/sign-in`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["of one story"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (/** @type {unknown} */ _context, /** @type {string} */ id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified"), name: nameOf(id) }),
    }),
  });
  provider.listen(port, "localhost", () => console.log("listening"));
}

/** @param {string} email */
function nameOf(email) {
  return (email.split("@")[0] ?? "").split(".").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(" ");
}

const [, started, port, url] = process.argv;
if (started === fileURLToPath(import.meta.url) && port && url) await serve(Number(port), url);

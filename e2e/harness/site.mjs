// Somebody's own website: a little server that has a few pages and nothing of the product.
import { createServer } from "node:http";

/**
 * @typedef {object} Site
 * @property {string} url
 * @property {(pages: Record<string, string>) => void} put bodies of HTML by their paths
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<Site>} */
export async function openSite() {
  /** @type {Record<string, string>} */
  let pages = {};
  const server = createServer((request, answer) => {
    const body = pages[new URL(request.url ?? "/", "http://site").pathname];
    answer.writeHead(body === undefined ? 204 : 200, { "content-type": "text/html; charset=utf-8" });
    answer.end(body === undefined ? undefined : `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aurora</title></head><body><main>${body}</main></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    put: (next) => {
      pages = { ...pages, ...next };
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

// A story: a test in a real browser on the real binary, with a picture of every window when it fails.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { signIn } from "./api.mjs";
import { openBrowser, openWindow, signInOnScreen } from "./browser.mjs";
import { startServer } from "./server.mjs";

const pictures = fileURLToPath(new URL("../test-results", import.meta.url));

/** @type {Promise<import("./server.mjs").Server> | undefined} */
let demoServer;
/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => {
  await (await browser)?.close();
  await (await demoServer)?.stop();
});

/**
 * @typedef {object} Scene
 * @property {import("./server.mjs").Server} server
 * @property {string} url
 * @property {(options?: import("playwright-core").BrowserContextOptions) => Promise<import("./browser.mjs").Window>} window of somebody unknown
 * @property {(email: string, options?: import("playwright-core").BrowserContextOptions, password?: string) => Promise<import("./browser.mjs").Window>} windowOf of somebody signed in
 * @property {(email: string) => Promise<import("./api.mjs").Session>} api the same person through the API
 */

/**
 * Tells a story. Those with demo data share one server within a file; an empty house is one's own.
 * @param {string} name
 * @param {(scene: Scene) => Promise<void>} tell
 * @param {{empty?: boolean, more?: string[]}} [options] `more` are arguments of a server of one's own
 */
export function story(name, tell, { empty = false, more } = {}) {
  test(name, async () => {
    browser ??= openBrowser();
    const opened = await browser;
    const own = empty || more !== undefined;
    if (!own) demoServer ??= startServer({ demo: true });
    const server = own ? await startServer({ demo: !empty, more }) : await /** @type {Promise<import("./server.mjs").Server>} */ (demoServer);
    /** @type {import("./browser.mjs").Window[]} */
    const windows = [];

    /** @type {Scene["window"]} */
    const window = async (options) => {
      const one = await openWindow(opened, server.url, options);
      windows.push(one);
      return one;
    };
    /** @type {Scene} */
    const scene = {
      server,
      url: server.url,
      window,
      async windowOf(email, options, password) {
        const one = await window(options);
        await signInOnScreen(one, email, password);
        return one;
      },
      api: (email) => signIn(server.url, email),
    };

    try {
      await tell(scene);
      for (const one of windows.splice(0)) await one.close();
    } catch (error) {
      await picture(name, windows);
      for (const one of windows) {
        if (one.faults.length > 0) console.error(`Unseen: ${one.faults.join("\n        ")}`);
        await one.context.close();
      }
      throw error;
    } finally {
      if (own) await server.stop();
    }
  });
}

/**
 * @param {string} name
 * @param {import("./browser.mjs").Window[]} windows
 */
async function picture(name, windows) {
  await mkdir(pictures, { recursive: true });
  for (const [index, { context }] of windows.entries()) {
    for (const [tab, page] of context.pages().entries()) {
      const file = path.join(pictures, `${name.replaceAll(/\W+/g, "-").slice(0, 60)}-${index + 1}${tab > 0 ? `-tab${tab + 1}` : ""}.png`);
      await page.screenshot({ path: file }).catch(() => {});
      console.error(`Picture: ${file}`);
    }
  }
}

// Takes the pictures of docs/screenshots from demo data.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { signIn } from "./harness/api.mjs";
import { desktop, openBrowser, openWindow, phone, signInOnScreen } from "./harness/browser.mjs";
import { startServer } from "./harness/server.mjs";
import { people } from "./harness/people.mjs";

const directory = fileURLToPath(new URL("../docs/screenshots", import.meta.url));
await mkdir(directory, { recursive: true });

const server = await startServer({ demo: true });
const browser = await openBrowser();
try {
  const api = await signIn(server.url, people.mona);
  const deal = await showpiece(api);
  const screens = {
    table: "/o/opportunity",
    board: "/o/opportunity/board",
    detail: `/o/opportunity/${deal}`,
  };
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const window = await openWindow(browser, server.url, { viewport, colorScheme });
      await signInOnScreen(window, people.mona);
      for (const [name, address] of Object.entries(screens)) {
        await window.go(address);
        await window.page.locator("main h1").waitFor();
        await window.page.waitForFunction(() => document.querySelector("main [class*=Skeleton], [aria-busy=true]") === null);
        await window.page.evaluate(() => document.fonts.ready);
        await window.page.waitForTimeout(600);
        const file = path.join(directory, `${name}-${size}-${colorScheme}.png`);
        await window.page.screenshot({ path: file });
        console.log(path.relative(process.cwd(), file));
      }
      await window.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}

/**
 * A deal with something to show: well on its way, with lines.
 * @param {import("./harness/api.mjs").Session} api
 * @returns {Promise<string>}
 */
async function showpiece(api) {
  const where = (/** @type {unknown} */ condition) => encodeURIComponent(JSON.stringify(condition));
  const { items } = await api.read(
    `/records/opportunity?limit=100&sort=-amount&filter=${where({ field: "stage", op: "in", value: ["proposal", "negotiation"] })}`,
  );
  let best = { id: "", lines: -1 };
  for (const { id, fields } of items) {
    const { count } = await api.read(
      `/records/opportunity_line?limit=1&count=exact&filter=${where({ field: "opportunity", op: "eq", value: id })}`,
    );
    if (/^[A-Z]/.test(fields.name) && count > best.lines) best = { id, lines: count };
  }
  return best.id;
}

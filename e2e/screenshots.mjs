// Takes the pictures of the guides from demo data: one for each scene in `scenes`, or of those that are named.
//   node screenshots.mjs [scene ...]
// STAGECRAFT_URL names a demo server that runs already; else one is started for it.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { signIn } from "./harness/api.mjs";
import { openBrowser, openWindow, signInOnScreen } from "./harness/browser.mjs";
import { people } from "./harness/people.mjs";
import { noteScenes, sceneNamed, sceneNames, settled, takePicture, wide } from "./harness/pictures.mjs";
import { startServer } from "./harness/server.mjs";

await mkdir(fileURLToPath(new URL("../docs/screenshots", import.meta.url)), { recursive: true });
const wanted = process.argv.slice(2);
const names = (await sceneNames()).filter((name) => wanted.length === 0 || wanted.includes(name));

const running = process.env.STAGECRAFT_URL;
const server = running ? { url: running, stop: async () => {} } : await startServer({ demo: true });
const browser = await openBrowser();
let total = 0;
/** @type {string[]} */
const failed = [];
try {
  for (const name of names) {
    const { who, viewport = wide, colours = "light", language, show } = await sceneNamed(name);
    const api = await signIn(server.url, people[who ?? "kim"]);
    const before = api.me.language;
    if (language) await api.call("PATCH", "/me", { language });
    const window = await openWindow(browser, server.url, { viewport, colorScheme: colours });
    try {
      if (who) await signInOnScreen(window, people[who]);
      await show({ window, page: window.page, api, as: (other) => signIn(server.url, people[other]) });
      await settled(window.page);
      const bytes = await takePicture(window.page, name);
      total += bytes;
      console.log(`${name}.webp ${Math.round(bytes / 1024)} kB`);
    } catch (error) {
      failed.push(name);
      await window.page.screenshot({ path: fileURLToPath(new URL(`test-results/${name}.png`, import.meta.url)) }).catch(() => {});
      console.error(`${name}: ${error}`);
    }
    await window.context.close();
    if (language) await api.call("PATCH", "/me", { language: before });
  }
  if (failed.length === 0 && wanted.length === 0) await noteScenes();
  console.log(`${names.length - failed.length} pictures, ${Math.round(total / 1024)} kB`);
} finally {
  await browser.close();
  await server.stop();
}
if (failed.length > 0) process.exitCode = 1;

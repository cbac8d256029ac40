// `make test-reach` walks in every language, size and colour; `make test` in those that find the most, in files of which none takes longer than it may.
import assert from "node:assert/strict";
import { accessibilityFindings, desktop, phone } from "../harness/browser.mjs";
import { screens, walk } from "../harness/everyScreen.mjs";
import { layoutFindings } from "../harness/layout.mjs";
import { ENTRANCES, routerPaths } from "../harness/screens.mjs";
import { story } from "../harness/story.mjs";

const everything = process.env.REACH === "all";

story("Every place of the app is on the walk", async (scene) => {
  const visited = new Set([...(await screens(scene)).map((one) => one.path), ...ENTRANCES]);
  const paths = await routerPaths();
  assert.ok(paths.length > 50, `only ${paths.length} places were found`);
  assert.deepEqual(paths.filter((path) => !visited.has(path)), [], "nobody goes there");
  assert.deepEqual([...visited].filter((path) => !paths.includes(path)), [], "these are no more");
});

story("The first run and the entrance keep nobody out either", async (scene) => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const viewport of [desktop, phone]) {
      const { page, go } = await scene.window({ viewport, colorScheme });
      await go("/");
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.deepEqual([...(await accessibilityFindings(page, "setting up")), ...(await layoutFindings(page, "setting up", { touch: viewport === phone }))], []);
    }
  }
}, { empty: true });

if (everything) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const language of /** @type {const} */ (["en", "zh-CN", "long"])) {
      for (const [size, viewport] of Object.entries({ desktop, phone })) {
        for (const who of /** @type {const} */ (["ada", "kim"])) {
          story(`${who}, ${language}, ${size}, ${colorScheme}`, (scene) => walk(scene, who, { language, viewport, colorScheme, axe: language !== "long", layout: true, touch: who === "kim" && viewport === phone, opens: language !== "long" && viewport === desktop }));
        }
      }
    }
  }
}

import assert from "node:assert/strict";
import { accessibilityFindings, desktop, phone } from "../harness/browser.mjs";
import { layoutFindings } from "../harness/layout.mjs";
import { stretch } from "../harness/longWords.mjs";
import { people } from "../harness/people.mjs";
import { ADMINISTRATION, ENTRANCES, furnish, routerPaths, screensOf } from "../harness/screens.mjs";
import { story } from "../harness/story.mjs";
import { visit } from "../harness/walk.mjs";

/** @typedef {import("../harness/story.mjs").Scene} Scene */

// `make test-reach` walks in every language, size and colour; `make test` in those that find the most.
const everything = process.env.REACH === "all";

/** Each a walk of its own, so that none takes longer than a story may. */
const PARTS = {
  records: (/** @type {import("../harness/screens.mjs").Screen} */ { path }) => path.startsWith("/o/"),
  administration: (/** @type {import("../harness/screens.mjs").Screen} */ { path }) => ADMINISTRATION.test(path),
  others: (/** @type {import("../harness/screens.mjs").Screen} */ { path }) => !path.startsWith("/o/") && !ADMINISTRATION.test(path),
};

/** @type {Promise<import("../harness/screens.mjs").Screen[]> | undefined} */
let furnished;

/** @param {Scene} scene */
function screens(scene) {
  furnished ??= (async () => {
    const ada = await scene.api(people.ada);
    await furnish(ada);
    return screensOf(ada, await scene.api(people.kim));
  })();
  return furnished;
}

/**
 * What is found on all the screens that a person has.
 * @param {Scene} scene
 * @param {"ada" | "kim"} who
 * @param {import("../harness/walk.mjs").Looks & {part?: keyof typeof PARTS, language?: "en" | "zh-CN" | "long", viewport?: {width: number, height: number}, colorScheme?: "light" | "dark"}} how
 */
async function walk(scene, who, { part, language = "en", viewport = desktop, colorScheme = "light", ...looks }) {
  const all = await screens(scene);
  const hers = all.filter((one) => (who === "ada" || (!ADMINISTRATION.test(one.path) && !one.address.includes("which=all"))) && (part === undefined || PARTS[part](one)));
  assert.ok(hers.length > 10, "there is something to walk over");
  const person = await scene.api(people[who]);
  await person.call("PATCH", "/me", { language: language === "zh-CN" ? "zh-CN" : "en" });
  const window = await scene.windowOf(people[who], { viewport, colorScheme, hasTouch: viewport === phone });
  if (language === "long") {
    await stretch(window.context);
    await window.go("/");
    await window.page.getByRole("heading", { level: 1 }).waitFor();
  }
  const findings = looks.axe === false ? [] : await accessibilityFindings(window.page, "the frame");
  for (const screen of hers) findings.push(...(await visit(window.page, screen, { framed: true, ...looks })));
  await person.call("PATCH", "/me", { language: "en" });
  assert.deepEqual(findings, []);
}

story("Every place of the app is on the walk", async (scene) => {
  const visited = new Set([...(await screens(scene)).map((one) => one.path), ...ENTRANCES]);
  const paths = await routerPaths();
  assert.ok(paths.length > 50, `only ${paths.length} places were found`);
  assert.deepEqual(paths.filter((path) => !visited.has(path)), [], "nobody goes there");
  assert.deepEqual([...visited].filter((path) => !paths.includes(path)), [], "these are no more");
});

for (const part of /** @type {const} */ (["records", "administration", "others"])) {
  story(`Nothing keeps an administrator out of any screen: ${part}`, (scene) => walk(scene, "ada", { part, layout: true, opens: true }));
}

for (const part of /** @type {const} */ (["records", "others"])) {
  story(`Nothing keeps a salesperson out of any screen of hers, in dark colours and in Chinese: ${part}`, (scene) => walk(scene, "kim", { part, language: "zh-CN", colorScheme: "dark", layout: true }));
}

story("On a phone nothing hangs over its edge, and everything is large enough for a finger", (scene) => walk(scene, "kim", { viewport: phone, axe: false, layout: true, touch: true }));

story("Words that are longer by two fifths have room", (scene) => walk(scene, "kim", { language: "long", axe: false, layout: true }));

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

// Walks over every screen that a person has: what nobody could use there, and what has no room.
import assert from "node:assert/strict";
import { accessibilityFindings, desktop, phone } from "./browser.mjs";
import { stretch } from "./longWords.mjs";
import { people } from "./people.mjs";
import { ADMINISTRATION, furnish, screensOf } from "./screens.mjs";
import { visit } from "./walk.mjs";

/** @typedef {import("./story.mjs").Scene} Scene */

/** Each a walk of its own, so that none takes longer than a story may. */
const PARTS = {
  records: (/** @type {import("./screens.mjs").Screen} */ { path }) => path.startsWith("/o/"),
  administration: (/** @type {import("./screens.mjs").Screen} */ { path }) => ADMINISTRATION.test(path),
  others: (/** @type {import("./screens.mjs").Screen} */ { path }) => !path.startsWith("/o/") && !ADMINISTRATION.test(path),
};

/** @type {Promise<import("./screens.mjs").Screen[]> | undefined} */
let furnished;

/**
 * All the screens there are, with something on each.
 * @param {Scene} scene
 */
export function screens(scene) {
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
 * @param {import("./walk.mjs").Looks & {part?: keyof typeof PARTS, language?: "en" | "zh-CN" | "long", viewport?: {width: number, height: number}, colorScheme?: "light" | "dark"}} how
 */
export async function walk(scene, who, { part, language = "en", viewport = desktop, colorScheme = "light", ...looks }) {
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
  for (const screen of hers) {
    // Who may not export has nothing to press for it.
    const opens = screen.opens?.filter((name) => who === "ada" || !name.test("Export"));
    findings.push(...(await visit(window.page, opens ? { ...screen, opens } : screen, { framed: true, ...looks })));
  }
  await person.call("PATCH", "/me", { language: "en" });
  assert.deepEqual(findings, []);
}

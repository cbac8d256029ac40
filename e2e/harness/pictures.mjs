// Pictures of the guides: a scene says who looks at what, and the picture that is taken of it is named as the scene is.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const scenesAt = fileURLToPath(new URL("../scenes", import.meta.url));
const picturesAt = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));

/** Wide enough for every column that a guide speaks of, and read without a magnifying glass. */
export const wide = { width: 1280, height: 800 };

/**
 * What a scene has to work with: the page of whoever looks, and the API as the same person and as others.
 * @typedef {object} Stage
 * @property {import("./browser.mjs").Window} window
 * @property {import("playwright-core").Page} page
 * @property {import("./api.mjs").Session} api
 * @property {(who: keyof typeof import("./people.mjs").people) => Promise<import("./api.mjs").Session>} as
 */

/**
 * @typedef {object} Scene
 * @property {keyof typeof import("./people.mjs").people} [who] looks; nobody who has signed in, where nobody is named
 * @property {import("playwright-core").ViewportSize} [viewport] a wide window where nothing is said
 * @property {"light" | "dark"} [colours]
 * @property {"zh-CN"} [language] of whoever looks, who has the other one again afterwards
 * @property {(stage: Stage) => Promise<void>} show brings about what the picture is of
 */

/** @returns {Promise<string[]>} the names of all scenes, in the order in which they are shown */
export async function sceneNames() {
  const files = await readdir(scenesAt);
  return files.filter((file) => file.endsWith(".mjs")).map((file) => file.slice(0, -4)).sort();
}

/**
 * @param {string} name
 * @returns {Promise<Scene>}
 */
export async function sceneNamed(name) {
  return (await import(path.join(scenesAt, `${name}.mjs`))).default;
}

/**
 * Waits until what the screen asked for has come and nothing moves any more.
 * @param {import("playwright-core").Page} page
 */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  // What lies below the fold is read when one comes there.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("main [class*=Skeleton], main [class*=skeleton], [aria-busy=true], [data-stale]")].every((one) => one.getBoundingClientRect().top > window.innerHeight),
  );
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(700);
}

/**
 * Keeps what a page shows as a WebP picture, which the browser itself makes: a third of a PNG, and no program more.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function takePicture(page, name) {
  const png = await page.screenshot({ animations: "disabled", caret: "hide" });
  const draughtsman = await page.context().newPage();
  const webp = await draughtsman.evaluate(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.8 })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, png.toString("base64"));
  await draughtsman.close();
  const bytes = Buffer.from(webp, "base64");
  await writeFile(path.join(picturesAt, `${name}.webp`), bytes);
  return bytes.length;
}

/** Notes by which scene each picture was taken, so that a scene that is changed and not taken anew is noticed. */
export async function noteScenes() {
  /** @type {Record<string, string>} */
  const taken = {};
  for (const name of await sceneNames()) {
    taken[name] = createHash("sha256").update(await readFile(path.join(scenesAt, `${name}.mjs`))).digest("hex").slice(0, 16);
  }
  await writeFile(path.join(picturesAt, "taken.json"), `${JSON.stringify(taken, null, 2)}\n`);
}

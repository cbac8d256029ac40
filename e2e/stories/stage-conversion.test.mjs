import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { openEveryFigure, openFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const CHART = "Opportunity 2.0 Stage Conversion Analysis";
/** What a won deal is worth, one with another, is no sum. */
const SIZE = "[data-behind*='of=sized']";

/** @param {import("playwright-core").Page} page */
const chart = (page) => page.getByRole("region", { name: CHART });

for (const [who, what] of /** @type {const} */ ([
  ["kim", "a salesperson"],
  ["mona", "a manager"],
  ["ada", "an administrator"],
])) {
  story(`Every figure of the stage conversion opens what it counts, for ${what}`, async (scene) => {
    const window = await scene.windowOf(people[who]);
    const { page } = window;
    await window.go("/analysis/stage-conversion");
    const frame = chart(page);
    await frame.getByRole("button", { name: /^Sales cycle: \d+ days? \d+ hours? \d+ minutes? \d+ seconds?$/ }).waitFor();
    assert.deepEqual(await accessibilityFindings(page, "stage conversion"), []);

    const drawn = await openEveryFigure(page, frame, { except: SIZE });
    assert.ok(drawn >= 3 + 4 * 7, `${drawn} figures in the chart`);
    await openFigure(page, frame.getByRole("button", { name: /^Won: / }));

    await frame.getByRole("button", { name: "Show as a table" }).click();
    const table = frame.getByRole("table", { name: CHART });
    const told = await openEveryFigure(page, table);
    assert.equal(told, 4 * 8, "eight figures for each of four stages");
    assert.deepEqual(await accessibilityFindings(page, "stage conversion as a table"), []);
  });
}

story("Mona narrows the stage conversion, sends the address on, and takes the figures with her", async (scene) => {
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis/stage-conversion");
  const total = chart(page).getByRole("button", { name: /^Total opportunities, Prospecting: / });
  await total.waitFor();
  const before = Number(await total.innerText());

  await page.getByRole("button", { name: "Period" }).click();
  await page.getByLabel("Created from").fill("2026-06-01");
  await page.keyboard.press("Escape");
  await page.waitForURL(/created=/);
  await page.waitForFunction(() => document.querySelector("[data-stale]") === null);
  const after = Number(await total.innerText());
  assert.ok(after > 0 && after < before, `${after} of ${before}`);

  // The address says all of it.
  await page.reload();
  await total.waitFor();
  assert.equal(Number(await total.innerText()), after);
  await openFigure(page, total);

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: `Save “${CHART}” as a file` }).click();
  await page.getByRole("menuitem", { name: "Picture (PNG)" }).click();
  const picture = await saving;
  assert.equal(picture.suggestedFilename(), `${CHART}.png`);
  const bytes = await readFile(await picture.path());
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(bytes.length > 10_000, `${bytes.length} bytes are hardly a picture`);
});

story("Kim reads the stage conversion by keyboard, and on her phone", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/analysis/stage-conversion");
  const lost = chart(page).getByRole("button", { name: /^Lost, Qualification: / }).first();
  await lost.focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("dialog", { name: "Lost, Qualification" });
  await list.getByRole("rowheader").first().waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label")?.startsWith("Lost, Qualification"));

  const small = await scene.windowOf(people.kim, { viewport: phone, colorScheme: "dark" });
  await small.go("/analysis/stage-conversion");
  await chart(small.page).getByRole("button", { name: /^Retained, Prospecting: / }).click();
  const sheet = small.page.getByRole("dialog", { name: "Retained, Prospecting" });
  await sheet.getByRole("listitem").first().waitFor();
  assert.deepEqual(await accessibilityFindings(small.page, "deals behind a figure on a phone"), []);
  const box = await sheet.boundingBox();
  assert.equal(box?.width, phone.width, "the list takes the whole screen");
  await sheet.getByRole("link").first().click();
  await small.page.waitForURL(/\/o\/opportunity\//);
});

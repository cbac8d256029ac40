import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim draws a chart of her own, puts it on her Home, and opens each of its columns by keyboard", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/");
  const figures = page.getByRole("region", { name: "Key figures" });
  await figures.getByRole("button").first().waitFor();
  assert.equal(await openEveryFigure(page, figures), 4, "key figures");

  await page.getByRole("button", { name: "Configure Home" }).click();
  await page.getByRole("button", { name: "New chart" }).click();
  const editor = page.getByRole("dialog", { name: "New chart" });
  await editor.getByRole("textbox", { name: "Name" }).fill("Where my deals stand");
  // It is drawn beside while one chooses.
  await editor.getByRole("button", { name: /^Prospecting: \d+$/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "chart editor"), []);
  await editor.getByRole("button", { name: "Save the chart" }).click();
  await editor.waitFor({ state: "detached" });
  await page.locator("[data-kind=chart]").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Configure Home" }).waitFor();

  await page.reload();
  const place = page.locator("[data-kind=chart]");
  await place.scrollIntoViewIfNeeded();
  const chart = place.getByRole("region", { name: "Where my deals stand" });
  const marks = chart.locator("[data-mark]");
  await marks.first().waitFor();
  await marks.first().focus();
  const many = await marks.count();
  assert.ok(many >= 5, `${many} columns`);
  for (let at = 0; at < many; at += 1) {
    const name = (await marks.nth(at).getAttribute("aria-label")) ?? "";
    assert.ok(await marks.nth(at).evaluate((mark) => mark === document.activeElement), `arrows reach ${name}`);
    await page.keyboard.press("Enter");
    const told = page.getByRole("dialog").locator("[data-count]");
    await told.waitFor();
    assert.equal(await told.getAttribute("data-count"), /: (\d+)$/.exec(name)?.[1], name);
    await page.keyboard.press("Escape");
    await told.waitFor({ state: "detached" });
    await page.waitForFunction((label) => document.activeElement?.getAttribute("aria-label") === label, name);
    await page.keyboard.press("ArrowRight");
  }

  await chart.getByRole("button", { name: "Show as a table" }).click();
  assert.equal(await openEveryFigure(page, chart.getByRole("table")), many + 1, "each column, and the total");
});

import assert from "node:assert/strict";
import { openField, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Two administrators at one field: the second is shown what the first did, and loses nothing", async (scene) => {
  const api = await scene.api(people.ada);
  await api.create("/objects/product/fields", { key: "x_weight", type: "number", scale: 0, label: { en: "Weight", "zh-CN": "重量" } });
  await api.create("/objects/product/fields", { key: "x_width", type: "number", scale: 0, label: { en: "Width", "zh-CN": "宽度" } });
  const first = await scene.windowOf(people.ada);
  const second = await scene.windowOf(people.ada);
  second.expectRefusal(409, /\/objects\/product/);
  await first.go("/admin/objects/product");
  await second.go("/admin/objects/product");
  const label = (/** @type {import("playwright-core").Page} */ page) => onTop(page).getByRole("textbox", { name: /^Label \(English\)/ });

  // At different fields they do not meet.
  await openField(first.page, "Weight");
  await openField(second.page, "Width");
  await label(first.page).fill("Net weight");
  await label(second.page).fill("Breadth");
  for (const { page } of [first, second]) {
    await onTop(page).getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }

  // At the same one, both values stand side by side, and what was typed stays.
  await openField(first.page, "Net weight");
  await openField(second.page, "Net weight");
  await label(first.page).fill("Gross weight");
  await label(second.page).fill("Mass");
  await onTop(first.page).getByRole("button", { name: "Save", exact: true }).click();
  await first.page.getByRole("dialog").waitFor({ state: "hidden" });
  await onTop(second.page).getByRole("button", { name: "Save", exact: true }).click();
  await second.page.getByText("Somebody else changed this meanwhile").waitFor();
  await onTop(second.page).getByRole("cell", { name: /^Gross weight/ }).waitFor();
  assert.equal(await label(second.page).inputValue(), "Mass");
  await second.page.getByRole("button", { name: "Keep mine" }).click();
  await second.page.getByRole("dialog").waitFor({ state: "hidden" });
  const { fields } = await api.read("/objects/product/definition");
  const of = (/** @type {string} */ key) => fields.find((/** @type {any} */ field) => field.key === key).label.en;
  assert.deepEqual([of("x_weight"), of("x_width")], ["Mass", "Breadth"]);
});

import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("The projection says plainly whether to rely on it, what it rests on, how it would have done, and which deals bring what", async (scene) => {
  const api = await scene.api(people.mona);
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis");
  await page.getByRole("list", { name: "Analysis" }).getByRole("link", { name: /^Projection/ }).click();
  await page.getByText(/with a chance of 8 in 10/).waitFor();
  const [, period] = /** @type {RegExpExecArray} */ (/period=([^&]+)/.exec((await page.locator("[data-behind*='period=']").first().getAttribute("data-behind")) ?? ""));
  const told = await api.read(`/analysis/projection?period=${period}`);
  const doubt = page.getByRole("note").filter({ hasText: "Do not rely on this range" });
  assert.equal(await doubt.count(), told.reliable ? 0 : 1, "what the server holds of it is said");
  await openEveryFigure(page, page.getByRole("region", { name: /^Projection for/ }));
  await page.getByRole("region", { name: "What it rests on" }).getByText(/^Learnt from/).waitFor();
  const tested = page.getByRole("region", { name: "How it would have done before" });
  await tested.getByRole("table").or(tested.getByText("There is no past quarter yet")).first().waitFor();
  const deals = page.getByRole("table", { name: /^Open deals, with chance/ });
  await deals.waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the projection"), []);
});

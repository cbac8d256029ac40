import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Work behind the answer: Kim sees hers, Ada everybody's", async (scene) => {
  const kim = await scene.api(people.kim);
  const made = await kim.create("/records/opportunity", { fields: { name: "Crane for the quay" } });
  await kim.create("/records/opportunity/bulk", { ids: [made.record.id], act: "edit", fields: { next_step: "Call" } });

  const own = await scene.windowOf(people.kim, { viewport: phone, colorScheme: "dark" });
  await own.go("/admin/jobs");
  await own.page.getByRole("heading", { name: "My background work" }).waitFor();
  await own.page.getByRole("listitem").filter({ hasText: "Many records at once" }).waitFor();
  assert.deepEqual(await accessibilityFindings(own.page, "one's own jobs"), []);
  assert.equal(await own.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);

  const ada = await scene.windowOf(people.ada);
  await ada.go("/");
  await ada.page.getByRole("link", { name: "Background work" }).click();
  const line = ada.page.getByRole("listitem").filter({ hasText: "Many records at once" });
  await line.getByText("Done").waitFor();
  await line.getByText("Kim").waitFor();
  assert.deepEqual(await accessibilityFindings(ada.page, "jobs"), []);
  await ada.page.getByText("Mine", { exact: true }).click();
  await ada.page.getByText("Nothing here").waitFor();
});

import assert from "node:assert/strict";
import { waiting } from "../harness/activity.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim names Mona her deputy; what waits for Kim waits for Mona too, marked as Kim's, until Kim ends it", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", { fields: { name: "Cold store, Bergen" } });
  const due = new Date(Date.now() + 3_600_000).toISOString();
  await api.create("/records/task", { fields: { name: "Call the harbour master", regarding: { object: "opportunity", id: record.id }, assignee: api.me.person.id, due_at: due } });

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/me");
  const card = page.getByRole("region", { name: "Deputy" });
  await card.getByRole("combobox", { name: "Who stands in for me" }).fill("Mona");
  await page.getByRole("option", { name: /^Mona/ }).click();
  await card.getByRole("button", { name: "Save deputy" }).click();
  await card.getByText("Mona Keller stands in for you now.").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "deputy"), []);

  const mona = await scene.windowOf(people.mona);
  await mona.go("/todo");
  await waiting(mona.page, "Call the harbour master").getByText("for Kim Park").waitFor();
  await mona.go("/me");
  await mona.page.getByText("You stand in for Kim Park").waitFor();

  await card.locator("button[class*=InputClear], button[class*=CloseButton]").first().click();
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/me/deputy") && answer.request().method() === "PUT");
  await card.getByRole("button", { name: "End the deputyship" }).click();
  assert.ok((await saved).ok());
  await mona.go("/todo");
  await mona.page.getByRole("heading", { name: "To-do", level: 1 }).waitFor();
  await waiting(mona.page, "Call the harbour master").waitFor({ state: "hidden" });
});

import assert from "node:assert/strict";
import { edit, fieldNamed } from "../harness/records.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Two tabs edit the same deal: the second is shown what changed and loses nothing", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", {
    fields: { name: "Edited twice", amount: { amount: "1000.00", currency: "USD" } },
  });
  const at = `/records/opportunity/${record.id}`;

  const kim = await scene.windowOf(people.kim);
  kim.expectRefusal(409, /\/records\/opportunity\//);
  const first = kim.page;
  const second = await kim.anotherTab();
  for (const tab of [first, second]) {
    await tab.goto(`/o/opportunity/${record.id}`);
    await edit(tab);
  }
  await fieldNamed(first, "Name").fill("Edited in the first tab");
  await fieldNamed(second, "Name").fill("Edited in the second tab");

  await first.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await first.getByRole("heading", { name: "Edited in the first tab" }).waitFor();

  await second.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  // Both are on screen: what somebody else saved, and what was typed here.
  await second.getByText("Edited in the first tab").first().waitFor();
  await second.getByText("Edited in the second tab").first().waitFor();
  assert.equal((await api.read(at)).fields.name, "Edited in the first tab");

  await second.getByRole("button", { name: "Keep mine" }).click();
  await second.getByRole("heading", { name: "Edited in the second tab" }).waitFor();
  const saved = await api.read(at);
  assert.equal(saved.fields.name, "Edited in the second tab");
  assert.equal(saved.fields.amount.amount, "1000.00");
});

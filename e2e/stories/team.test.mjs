import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { fieldNamed } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

story("Lee comes into the team of Kim's deal: first he reads it, then he may edit it", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", { fields: { name: "Harbour cranes" } });
  const kim = await scene.windowOf(people.kim);
  const lee = await scene.windowOf(people.lee);
  const address = `/o/opportunity/${record.id}`;
  lee.expectRefusal(404, new RegExp(record.id));
  await lee.go(address);
  await lee.page.getByText("It does not exist, or it is not yours to see.").waitFor();

  await kim.go(address);
  await kim.page.getByRole("tab", { name: "Team" }).click();
  await kim.page.getByRole("combobox", { name: "Add a person" }).fill("Lee");
  await kim.page.getByRole("option", { name: /^Lee/ }).click();
  await kim.page.getByRole("combobox", { name: /^Team role: Lee/ }).click();
  await kim.page.getByRole("option", { name: "Pre-sales" }).click();
  await kim.page.getByRole("textbox", { name: /^Share of revenue: Lee/ }).fill("120");
  kim.expectRefusal(422, /\/team$/);
  await kim.page.getByRole("button", { name: "Save team" }).click();
  await kim.page.getByRole("alert").or(kim.page.locator("[class*=error]")).first().waitFor();
  await kim.page.getByRole("textbox", { name: /^Share of revenue: Lee/ }).fill("12.5");
  await kim.page.getByRole("cell", { name: "Shared out 12.5 %" }).waitFor();
  await kim.page.getByRole("button", { name: "Save team" }).click();
  await kim.page.getByText("The team is saved").waitFor();
  assert.deepEqual(await accessibilityFindings(kim.page, "team"), []);

  await lee.page.reload();
  await lee.page.getByRole("heading", { name: "Harbour cranes" }).waitFor();
  assert.equal(await lee.page.getByRole("button", { name: "Edit", exact: true }).count(), 0);
  await lee.page.getByRole("tab", { name: "Team" }).click();
  await lee.page.getByRole("row", { name: /Lee.*Pre-sales may read 12.5 %/ }).waitFor();

  await kim.page.getByRole("combobox", { name: /^Access: Lee/ }).click();
  await kim.page.getByRole("option", { name: "may edit" }).click();
  await kim.page.getByRole("button", { name: "Save team" }).click();
  await lee.page.getByRole("button", { name: "Edit", exact: true }).click();
  await fieldNamed(lee.page, "Name").fill("Harbour cranes, north quay");
  await onTop(lee.page).getByRole("button", { name: "Save" }).click();
  await kim.page.getByRole("heading", { name: "Harbour cranes, north quay" }).waitFor();
});

story("Two people change a team at once: what both did is there, and nothing typed is lost", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", { fields: { name: "Two at the team" } });
  const address = `/o/opportunity/${record.id}`;
  const kim = await scene.windowOf(people.kim);
  const mona = await scene.windowOf(people.mona);
  for (const { page, go } of [kim, mona]) {
    await go(address);
    await page.getByRole("tab", { name: "Team" }).click();
    await page.getByText("Nobody").or(page.getByRole("combobox", { name: "Add a person" })).first().waitFor();
  }
  /** @param {import("playwright-core").Page} page @param {string} name */
  const add = async (page, name) => {
    await page.getByRole("combobox", { name: "Add a person" }).fill(name);
    await page.getByRole("option", { name: new RegExp(`^${name}`) }).click();
    await page.getByRole("combobox", { name: new RegExp(`^Access: ${name}`) }).waitFor();
  };
  await add(kim.page, "Lee");
  await add(mona.page, "Ines");
  await mona.page.getByRole("button", { name: "Save team" }).click();
  await mona.page.getByText("The team is saved").waitFor();
  await kim.page.getByText("Somebody else has changed the team meanwhile.").waitFor();
  await kim.page.getByRole("combobox", { name: /^Access: Ines/ }).waitFor();
  await kim.page.getByRole("combobox", { name: /^Access: Lee/ }).waitFor();
  await kim.page.getByRole("button", { name: "Save team" }).click();
  await kim.page.getByText("The team is saved").waitFor();
  assert.equal((await api.read(`/records/opportunity/${record.id}/team`)).members.length, 2);
  await mona.page.getByRole("combobox", { name: /^Access: Lee/ }).waitFor();
});

story("Ada names what people are in a team", async (scene) => {
  const ada = await scene.windowOf(people.ada, { viewport: phone });
  const { page } = ada;
  await ada.go("/admin/organisation");
  await page.getByRole("button", { name: "Add a team role" }).click();
  await page.getByRole("textbox", { name: "Name in English" }).last().fill("Legal advice");
  const section = page.getByRole("group").filter({ has: page.getByRole("list", { name: "Team roles" }) });
  await section.getByRole("button", { name: "Save" }).click();
  await page.getByText("The team roles are saved").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "team roles"), []);
  const { team_roles } = await (await scene.api(people.ada)).read("/organisation");
  const made = team_roles.at(-1);
  assert.deepEqual([made.key, made.label["zh-CN"], made.active], ["legal_advice", "Legal advice", true]);
});

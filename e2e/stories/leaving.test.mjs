import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const RECORDS = 300;

story("Somebody leaves: 300 records go to three people in one act, after a look at who gets how much", async (scene) => {
  const api = await scene.api(people.ada);
  const { record: lars } = await api.create("/records/employee", {
    fields: { name: "Lars Leaver", email: "lars@demo.stagecraft.example", roles: ["salesperson"], department: await departmentOf(api, people.kim) },
  });
  for (let at = 0; at < RECORDS; at += 25) {
    await Promise.all(Array.from({ length: 25 }, (_, n) => api.create("/records/opportunity", { fields: { name: `Lars ${at + n}`, owner: lars.id } })));
  }
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/people");
  await page.getByRole("searchbox", { name: "Find people" }).fill("Lars");
  await page.getByRole("button", { name: "Lars Leaver", exact: true }).click();
  const drawer = page.getByRole("dialog", { name: "Lars Leaver" });
  await drawer.getByText(String(RECORDS), { exact: true }).waitFor();
  await drawer.getByText("Mona Keller").first().waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a person"), []);
  await drawer.getByRole("button", { name: "Disable…" }).click();

  const dialog = page.getByRole("dialog", { name: "Disable Lars Leaver" });
  await dialog.getByText("Nobody gets these 300 yet.").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Disable and hand over" }).isDisabled(), true, "not before everything has somewhere to go");
  const receivers = dialog.getByRole("textbox", { name: "Hand everything over to" }).or(dialog.getByRole("combobox", { name: "Hand everything over to" }));
  for (const name of ["Kim Park", "Tara Osei", "Lee Moreno"]) {
    await receivers.fill(name);
    await page.getByRole("option", { name, exact: true }).click();
  }
  await page.keyboard.press("Escape");
  for (const name of ["Kim Park", "Tara Osei", "Lee Moreno"]) {
    await dialog.getByRole("row", { name: new RegExp(`^${name} 100 \\d+$`) }).waitFor();
  }
  assert.deepEqual(await accessibilityFindings(page, "handing over"), []);
  await dialog.getByRole("textbox", { name: /^Reason/ }).fill("Went to sea");
  await dialog.getByRole("button", { name: "Disable and hand over" }).click();
  await page.getByText("Lars Leaver is disabled.").waitFor();

  const owned = async (/** @type {string} */ email) => {
    const { items } = await api.read(`/records/employee?q=${encodeURIComponent(email)}&fields=name&limit=5`);
    const filter = { all: [{ field: "owner", op: "eq", value: items[0].id }, { field: "name", op: "starts_with", value: "Lars " }] };
    return (await api.read(`/records/opportunity?count=exact&limit=1&filter=${encodeURIComponent(JSON.stringify(filter))}`)).count;
  };
  assert.deepEqual([await owned("Kim Park"), await owned("Tara Osei"), await owned("Lee Moreno"), await owned("Lars Leaver")], [100, 100, 100, 0]);
  await drawer.getByRole("button", { name: "Enable" }).waitFor();
});

story("A department is dragged under another, and at once its head sees what is in it; undone, no more", async (scene) => {
  const lee = await scene.api(people.lee);
  await lee.create("/records/opportunity", { fields: { name: "Fjord bridge" } });
  const mona = await scene.api(people.mona);
  const seen = async () => (await mona.read("/records/opportunity?q=fjord&count=exact")).count;
  assert.equal(await seen(), 0);

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/people/departments");
  const line = (/** @type {string} */ name) => page.getByRole("treeitem", { name: new RegExp(`^${name}`) });
  await line("Sales South").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "departments"), []);
  await dragOnto(page, line("Sales South"), line("Sales North"));
  await page.getByText("Sales South is now in Sales North.").waitFor();
  assert.equal(await line("Sales South").getAttribute("aria-level"), "3");
  assert.equal(await seen(), 1, "the head of the North sees the South's deals with the next request");

  // Back again under the one below it would be a circle: refused with the reason.
  ada.expectRefusal(422, /\/records\/department\//);
  await dragOnto(page, line("Sales North"), line("Sales South"));
  await page.getByText("would make a circle").waitFor();

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Sales South is back.").waitFor();
  assert.equal(await seen(), 0);

  // The same with the keyboard: up, over the one above, down.
  await line("Sales South").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await page.getByText("Sales South is now in Sales North.").waitFor();
  assert.equal(await seen(), 1);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByText("Sales South is back.").first().waitFor();

  // What still has people in it is not voided, and says who they are.
  await line("Sales South").click();
  await page.getByRole("region", { name: "Sales South" }).getByRole("button", { name: "Void" }).click();
  const asked = page.getByRole("dialog", { name: "Void Sales South?" });
  await asked.getByRole("button", { name: "Void" }).click();
  await asked.getByText(/There are still people in this department: .*Lee Moreno/).waitFor();
  await asked.getByRole("button", { name: "Cancel" }).click();

  // A person is dragged into another department.
  await dragOnto(page, page.getByRole("listitem").filter({ hasText: "Lee Moreno" }), line("Operations"));
  await page.getByText("Lee Moreno is now in Operations.").waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByText("Lee Moreno is back.").waitFor();
});

story("On a phone a group of people and departments is made", async (scene) => {
  const ada = await scene.windowOf(people.ada, { viewport: phone, hasTouch: true });
  const { page } = ada;
  await ada.go("/admin/people/groups");
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog").last();
  await dialog.getByLabel("Group name").fill("Bid desk");
  const more = dialog.getByRole("button", { name: /more|all fields/i });
  if (await more.isVisible()) await more.click();
  await dialog.getByLabel("Departments").fill("North");
  await page.getByRole("option", { name: "Sales North" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: /^(Create|Save)/ }).click();
  const drawer = page.getByRole("dialog", { name: "Bid desk" });
  await drawer.getByText("Sales North").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a group on a phone"), []);
});

/**
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} email
 */
async function departmentOf(api, email) {
  const filter = encodeURIComponent(JSON.stringify({ field: "email", op: "eq", value: email }));
  return (await api.read(`/records/employee?filter=${filter}`)).items[0].fields.department;
}

/**
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} source
 * @param {import("playwright-core").Locator} target
 */
async function dragOnto(page, source, target) {
  const [from, to] = [await source.boundingBox(), await target.boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + from.width * 0.6, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width * 0.6 + 10, from.y + from.height / 2 + 4, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 14 });
  await page.waitForTimeout(120);
  await page.mouse.up();
}

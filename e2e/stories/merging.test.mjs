import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * Creates a record, going on over what is alike.
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} object
 * @param {Record<string, unknown>} fields
 */
async function plant(api, object, fields) {
  const first = await api.call("POST", `/records/${object}`, { fields });
  if (first.status === 201) return first.body.record;
  assert.equal(first.body.code, "record.duplicate_warning", JSON.stringify(first.body));
  const tokens = first.body.violations.flatMap((/** @type {any} */ one) => one.params.matches.map((/** @type {any} */ match) => match.token));
  return (await api.create(`/records/${object}`, { fields, accept_duplicates: tokens })).record;
}

story("Mona finds a contact who is there twice, makes both one, sees what moved, and takes it back", async (scene) => {
  const api = await scene.api(people.mona);
  const [name, twin] = ["Friederike Muster", "F. Muster"];
  const known = await plant(api, "contact", { name, email: "muster@twice.example", title: "Head of purchasing", phone: "+49 30 1234567" });
  const other = await plant(api, "contact", { name: twin, email: "muster@twice.example" });
  await api.create("/records/activity", { fields: { activity_type: "call", content: "Asked for an offer", regarding: { object: "contact", id: other.id } } });

  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/duplicate-groups?object=contact");
  await page.getByRole("button", { name: /^(Find duplicates|Look again)$/ }).first().click();
  const group = page.getByRole("region", { name: /Muster$/ });
  await group.getByRole("link", { name: twin, exact: true }).waitFor({ timeout: 30_000 });
  await group.getByRole("button", { name: "Merge", exact: true }).click();

  // Beside each other: who knows more stays, and what would move is told before anything is done.
  const dialog = page.getByRole("dialog", { name: "Merge 2 records" });
  const stays = dialog.getByRole("radiogroup", { name: "Which record stays" });
  assert.ok(await stays.getByRole("radio", { name }).isChecked());
  const moves = dialog.getByRole("region", { name: `What moves to “${name}”` });
  await moves.getByText("Activities").waitFor();
  await dialog.getByRole("radiogroup", { name: "Name: whose value" }).getByRole("radio", { name: twin }).check();
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText(`“${twin}” is one record now`).waitFor();
  await group.waitFor({ state: "hidden" });

  // The other leads there, and there is what was said to it.
  await mona.go(`/o/contact/${other.id}`);
  await page.getByRole("alert").getByRole("link", { name: twin, exact: true }).click();
  await page.waitForURL((url) => url.pathname.endsWith(known.id));
  await page.getByText("Asked for an offer").first().waitFor();
  await page.getByText(/merged “.*” into/).first().waitFor();

  await page.getByRole("button", { name: "Undo merge" }).click();
  await page.getByRole("dialog", { name: "Undo the merge?" }).getByRole("button", { name: "Undo merge" }).click();
  await page.getByText("The records are several again").waitFor();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  assert.equal((await api.read(`/records/contact/${other.id}`)).fields.lifecycle_status, "normal");
  const activities = await api.read(`/records/activity?filter=${encodeURIComponent(JSON.stringify({ field: "regarding", op: "eq", value: { object: "contact", id: other.id } }))}`);
  assert.equal(activities.items.length, 1);

  // Said to be two, they are not found again.
  await mona.go("/duplicate-groups?object=contact");
  await group.getByRole("button", { name: "Not the same" }).click();
  await group.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Look again" }).click();
  await page.getByRole("button", { name: "Look again", disabled: false }).waitFor({ timeout: 30_000 });
  await group.waitFor({ state: "hidden" });
});

story("Two rows of a list become one with the keyboard", async (scene) => {
  const api = await scene.api(people.mona);
  const word = "Zweifachwerk";
  const first = await plant(api, "account", { name: `${word} Nord`, city: "Kiel" });
  await plant(api, "account", { name: `${word} Holding`, sector: "Metal" });
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go(`/o/account?q=${word}`);
  await page.getByRole("link", { name: `${word} Nord`, exact: true }).waitFor();
  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByRole("button", { name: "Merge", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Merge 2 records" });
  const stays = dialog.getByRole("radiogroup", { name: "Which record stays" });
  await stays.getByRole("radio", { name: `${word} Nord` }).focus();
  await page.keyboard.press("Space");
  await dialog.getByText("Nothing hangs on the others.").waitFor();
  await dialog.getByRole("button", { name: "Merge", exact: true }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("link", { name: `${word} Holding`, exact: true }).waitFor({ state: "hidden" });
  // What the other alone knew has come along.
  assert.deepEqual([(await api.read(`/records/account/${first.id}`)).fields.city, (await api.read(`/records/account/${first.id}`)).fields.sector], ["Kiel", "Metal"]);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("link", { name: `${word} Holding`, exact: true }).waitFor();
});

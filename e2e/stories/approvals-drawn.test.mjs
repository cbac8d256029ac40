import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { beginFlow, nameStep, onlyPerson, openStep, saveFlow, stepDone } from "../harness/flows.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { closeDrawer, draftSaved, openStage } from "../harness/pipelines.mjs";
import { story } from "../harness/story.mjs";

const DEAL = "Fjord ferries";

story("From the drawing to the deal that moves by itself: an administrator, a salesperson, her manager on a phone, and somebody of another team", async (scene) => {
  const kimApi = await scene.api(people.kim);
  const lee = (await scene.api(people.lee)).me.person.name;
  const process = (await kimApi.read("/processes")).items.find((/** @type {any} */ one) => one.active);
  const [first, second] = (await stagesOf(kimApi)).running;
  assert.ok(first && second);

  // She draws who agrees to new deals: the manager, as it begins, in a step of a name of its own.
  const ada = await scene.windowOf(people.ada);
  const admin = ada.page;
  await ada.go("/admin/approval-flows");
  await beginFlow(admin, "Opportunities", "New deals");
  await openStep(admin, "Approval");
  await nameStep(admin, "Team lead");
  await stepDone(admin);
  await saveFlow(admin, "New deals");

  // The stage asks for an approval, nothing catches it yet, and from there one draws what does.
  await ada.go("/admin/pipelines");
  await admin.getByRole("link", { name: process.name, exact: true }).click();
  const drawer = await openStage(admin, first.label);
  await drawer.getByRole("switch", { name: "Completing this stage needs approval" }).check();
  await drawer.getByText(/No approval flow in force would catch it/).waitFor();
  await drawer.getByRole("link", { name: "Make a flow" }).click();
  await admin.getByRole("textbox", { name: "Name", exact: true }).fill("Leaving the first stage");
  assert.equal(await admin.getByRole("combobox", { name: "Caught act" }).inputValue(), "When a stage is completed");
  await openStep(admin, "Approval");
  await nameStep(admin, "Second look");
  await onlyPerson(admin, lee);
  await stepDone(admin);
  await saveFlow(admin, "Leaving the first stage");
  // Back where she was, with what she had changed.
  await admin.goBack();
  await drawer.getByRole("link", { name: "Leaving the first stage" }).waitFor();
  assert.deepEqual(await accessibilityFindings(admin, "a stage that needs approval"), []);
  await closeDrawer(admin);
  await draftSaved(admin);
  await admin.getByRole("button", { name: "Publish", exact: true }).click();
  await onTop(admin).getByRole("button", { name: "Publish", exact: true }).click();
  await admin.getByText(/version \d+ is in force/).waitFor();

  // A deal is registered, and waits.
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/o/opportunity?create=true");
  await onTop(page).getByRole("textbox", { name: /^Opportunity name/ }).fill(DEAL);
  await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Sent for approval").waitFor();
  const { items } = await kimApi.read(`/records/opportunity?q=${encodeURIComponent(DEAL)}`);
  const deal = items[0];
  await kim.go(`/o/opportunity/${deal.id}`);
  const banner = page.getByRole("alert").filter({ hasText: "Waits for approval" });
  await banner.getByText("Waits for approval of its creation by Mona Keller").waitFor();
  // Whoever reloads the page from here on would lose this.
  await page.evaluate(() => Object.assign(window, { stillOpen: true }));

  const mona = await scene.windowOf(people.mona, { viewport: phone });
  await mona.go("/approvals");
  await mona.page.getByRole("link", { name: new RegExp(DEAL) }).click();
  await mona.page.getByRole("button", { name: "Agree", exact: true }).click();
  await mona.page.getByText("Approved", { exact: true }).waitFor();

  // It counts, in her open window; she completes its stage, and it waits once more.
  await banner.waitFor({ state: "detached" });
  const path = page.getByRole("region", { name: "Stage path" });
  await path.getByRole("button", { name: `Move to ${second.label}` }).click();
  await banner.getByText(`Waits for approval of its move to “${second.label}” by ${lee}`).waitFor();
  assert.equal((await kimApi.read(`/records/opportunity/${deal.id}`)).fields.stage, first.key);

  // Of the other team, he sees the deal while he is asked.
  const leeApi = await scene.api(people.lee);
  assert.equal((await leeApi.call("GET", `/records/opportunity/${deal.id}`)).status, 200);
  const other = await scene.windowOf(people.lee);
  // The deal is out of his sight as soon as he has answered, which his screen may find by asking for it once more.
  other.expectRefusal(404, /\/records\/opportunity\//);
  await other.go("/approvals");
  await other.page.getByRole("link", { name: new RegExp(DEAL) }).click();
  await other.page.getByText(second.label).first().waitFor();
  await other.page.getByRole("button", { name: "Agree", exact: true }).click();
  await other.page.getByText("Approved", { exact: true }).waitFor();
  assert.equal((await leeApi.call("GET", `/records/opportunity/${deal.id}`)).status, 404);

  // It has moved by itself.
  await path.locator("[aria-current=step]").getByText(second.label).waitFor();
  await banner.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => "stillOpen" in window), true, "without being read again");
  const done = await kimApi.read(`/records/opportunity/${deal.id}`);
  assert.deepEqual([done.fields.stage, done.fields.lifecycle_status], [second.key, "normal"]);
});

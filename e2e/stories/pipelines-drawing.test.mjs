import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { stagesOf } from "../harness/board.mjs";
import { people } from "../harness/people.mjs";
import { addStage, beginPipeline, closeDrawer, draftSaved, dragOnto, openStage, stageRow, zone } from "../harness/pipelines.mjs";
import { createOpportunity } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

story("An administrator draws a process from nothing, and a salesperson's new deal follows it", async (scene) => {
  const api = await scene.api(people.ada);
  const { lost: end } = await stagesOf(api);
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/pipelines");
  const id = await beginPipeline(page, "Renewals");
  await zone(page, "Stages").getByText("Put the first stage here.").waitFor();

  // A stage that the organisation did not have yet is made in place, and dragged in.
  await page.getByRole("button", { name: "New stage" }).click();
  const form = page.getByRole("form", { name: "New stage" });
  await form.getByLabel("Name in English").fill("Check-up");
  await form.getByRole("button", { name: "Create" }).click();
  await zone(page, "Not used yet").getByText("Check-up", { exact: true }).waitFor();
  await dragOnto(page, page.getByRole("button", { name: "Move Check-up", exact: true }), zone(page, "Stages").getByText("Put the first stage here."));
  await stageRow(page, "Check-up").waitFor();
  await page.locator("code", { hasText: "process.missing_terminal" }).first().waitFor();

  // Ends and stages in progress come in by their buttons, each behind those of its kind.
  await addStage(page, "Won");
  await addStage(page, end.label);
  await addStage(page, "Proposal");
  const order = () => zone(page, "Stages").locator("[data-stage]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-stage")));
  assert.deepEqual(await order(), ["check_up", "proposal", "won", end.key]);

  // An order that cannot work, made with the keyboard, is said in place and cannot be published.
  await page.getByRole("button", { name: "Move Won", exact: true }).focus();
  await page.keyboard.press("Space");
  await page.getByText(/^Won picked up/).first().waitFor({ state: "attached" });
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.querySelectorAll("[data-stage]")[1]?.getAttribute("data-stage") === "won");
  await page.keyboard.press("Space");
  await stageRow(page, "Proposal").locator("code", { hasText: "process.stage_order" }).waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("This has to be mended first").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Publish", exact: true }).isDisabled());
  await dialog.getByRole("button", { name: "Cancel" }).click();
  // Taken back, it is as it was.
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText("process.stage_order").first().waitFor({ state: "hidden" });
  assert.deepEqual(await order(), ["check_up", "proposal", "won", end.key]);

  // Settings of a stage in progress.
  let drawer = await openStage(page, "Check-up");
  await drawer.getByLabel("May stay for: days").fill("3");
  await drawer.getByRole("combobox", { name: "May stay for: which time counts" }).click();
  await page.getByRole("option", { name: "Working time" }).click();
  await drawer.getByRole("button", { name: "Add a reminder" }).click();
  await drawer.getByRole("group", { name: "Reminder 1" }).getByRole("combobox", { name: "Who is reminded" }).click();
  await page.getByRole("option", { name: "Owner's manager" }).click();
  await page.keyboard.press("Escape");
  await drawer.getByRole("button", { name: "Add a task" }).click();
  await page.getByRole("menuitem", { name: "Fill in fields" }).click();
  await drawer.getByLabel("Name").fill("Agree on the date");
  await drawer.getByRole("combobox", { name: "Fields to be filled in" }).fill("close");
  await page.getByRole("option", { name: "Close date" }).click();
  await page.keyboard.press("Escape");
  assert.deepEqual(await accessibilityFindings(page, "a task"), []);
  await drawer.getByRole("button", { name: "Back to Check-up" }).click();
  await drawer.getByRole("button", { name: "Agree on the date", exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a stage in progress"), []);
  await closeDrawer(page);

  // A gate, and an end with a prompt.
  drawer = await openStage(page, "Proposal");
  await drawer.getByRole("combobox", { name: "Fields to be filled in on entering" }).fill("amount");
  await page.getByRole("option", { name: "Opportunity amount", exact: true }).click();
  await page.keyboard.press("Escape");
  await closeDrawer(page);
  drawer = await openStage(page, end.label);
  await drawer.getByLabel("Ignore normal-stage configurations").check({ force: true });
  await drawer.getByLabel("Prompt on entering").fill("What would have kept them?");
  await drawer.getByText("26 / 100").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a terminal stage"), []);
  await closeDrawer(page);
  await draftSaved(page);

  // What was drawn is there after a reload, and is published.
  await page.reload();
  await stageRow(page, end.label).waitFor();
  const draft = await api.read(`/processes/${id}/draft`);
  const [checkUp, , , lost] = draft.process.stages;
  assert.deepEqual(draft.problems, []);
  assert.equal(checkUp.duration_seconds, 3 * 86_400);
  assert.equal(checkUp.duration_in, "working");
  assert.deepEqual(checkUp.reminders[0].to, [{ kind: "owner" }, { kind: "owner_manager" }]);
  assert.deepEqual(checkUp.tasks[0].act, { kind: "edit_object", fields: ["expected_close_date"] });
  assert.equal(lost.ignore_normal, true);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await dialog.getByLabel("Note").fill("Renewals have a way of their own now");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("Renewals: version 1 is in force.").waitFor();

  // First in the list, it is what a new deal takes.
  await page.getByRole("link", { name: "Pipelines" }).first().click();
  await page.getByRole("link", { name: "Renewals" }).waitFor();
  const first = () => page.getByRole("list", { name: "Pipelines" }).getByRole("listitem").first().getByRole("link").textContent();
  for (let patience = 0; (await first()) !== "Renewals" && patience < 5; patience += 1) {
    const saved = page.waitForResponse((one) => one.url().endsWith("/processes/order"));
    await page.getByRole("button", { name: "More for Renewals" }).click();
    await page.getByRole("menuitem", { name: "Move up" }).click();
    assert.equal((await saved).status(), 200);
  }
  assert.equal(await first(), "Renewals");
  assert.deepEqual(await accessibilityFindings(page, "the list"), []);

  const kim = await scene.windowOf(people.kim);
  await kim.go("/o/opportunity");
  const deal = await createOpportunity(kim.page, "Aurora renewal");
  const stands = async () => (await api.read(`/records/opportunity/${deal}`)).fields;
  assert.equal((await stands()).sales_process, id);
  assert.equal((await stands()).stage, "check_up");
  await kim.go(`/o/opportunity/${deal}`);
  await kim.page.getByRole("navigation", { name: "Stage path" }).or(kim.page.getByLabel("Stage path")).first().waitFor();
  await kim.page.getByRole("button", { name: /Check-up/ }).first().waitFor();
});

story("A stage option that a deal has stood in cannot be deleted, and says so", async (scene) => {
  const ada = await scene.windowOf(people.ada);
  ada.expectRefusal(422, /\/options$/);
  const { page } = ada;
  await ada.go("/admin/stages");
  await page.getByRole("button", { name: "Delete Qualification", exact: true }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  // It is back at its place, with the reason beside it.
  const row = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Delete Qualification", exact: true }) });
  await row.getByText(/is in use and cannot be removed/).waitFor();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await row.getByText(/is in use/).waitFor({ state: "hidden" });
});

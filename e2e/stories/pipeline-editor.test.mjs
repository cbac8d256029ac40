import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";
import { stagesOf } from "../harness/board.mjs";

story("A pipeline that cannot work is refused on screen with the reason", async (scene) => {
  const { running, won, lost } = await stagesOf(await scene.api(people.ada));
  const ada = await scene.windowOf(people.ada);
  ada.expectRefusal(422, /\/processes/);
  const { page } = ada;
  await ada.go("/admin/pipelines/new");
  const add = (/** @type {{label: string}} */ stage) => page.getByRole("button", { name: `Add ${stage.label}`, exact: true }).click();
  const take = (/** @type {{label: string}} */ stage) => page.getByRole("button", { name: `Take ${stage.label} out`, exact: true }).click();
  const save = page.getByRole("button", { name: "Save", exact: true });
  const code = (/** @type {string} */ text) => page.locator("code", { hasText: text }).first();
  const first = running[0];
  if (!first) throw new Error("The demo process has no stage in progress.");
  await page.getByLabel("Name").first().fill("Renewals");

  // No stage in progress.
  await add(won);
  await save.click();
  await code("process.missing_in_progress").waitFor();

  // No terminal stage.
  await take(won);
  await add(first);
  await save.click();
  await code("process.missing_terminal").waitFor();

  // A terminal stage before one in progress: carried there with the keyboard.
  await add(won);
  await add(lost);
  const handle = page.getByRole("button", { name: `Move ${won.label}`, exact: true });
  await handle.focus();
  const said = (/** @type {RegExp} */ words) => page.getByText(words).first().waitFor({ state: "attached" });
  await page.keyboard.press("Space");
  await said(/^Won picked up/);
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.querySelector("ol [data-stage]")?.getAttribute("data-stage") === "won");
  await page.keyboard.press("Space");
  await said(/^Won put down/);
  await save.click();
  await code("process.stage_order").waitFor();

  // Put right, it is saved.
  await take(first);
  await add(first);
  await save.click();
  await page.getByText("The process is saved.").waitFor();
  await page.waitForURL((url) => !url.pathname.endsWith("/new"));
});

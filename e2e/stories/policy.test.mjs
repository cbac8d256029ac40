// The content security policy is as narrow as docs/security.md says, and no screen needs more: every window counts what the browser blocks.
import assert from "node:assert/strict";
import { dragCard, stagesOf } from "../harness/board.mjs";
import { openedRoutes } from "../harness/addresses.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("No screen asks the browser for more than the policy allows", async (scene) => {
  const api = await scene.api(people.ada);
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  const paths = await openedRoutes(api);
  assert.ok(paths.length > 55, `${paths.length} screens`);
  for (const path of paths) {
    await ada.go(path);
    await page.getByRole("main").waitFor();
    // What takes longer than this is looked at as it stands.
    await page.waitForFunction(() => document.querySelector("main [aria-busy=true], main .mantine-Skeleton-root") === null, null, { timeout: 8_000 }).catch(() => {});
    assert.deepEqual(ada.faults, [], path);
  }
  // Styles that libraries make as they go are let through by their number, and are there.
  const sheets = await page.evaluate(() => [...document.querySelectorAll("style")].map((style) => ({ nonce: style.nonce, rules: style.sheet?.cssRules.length ?? 0 })));
  assert.ok(sheets.length > 0 && sheets.every((sheet) => sheet.nonce !== "" && sheet.rules > 0), JSON.stringify(sheets));
});

story("Dragging, dialogs and dark colours bring styles of their own, and none is blocked", async (scene) => {
  const api = await scene.api(people.kim);
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  const stages = await stagesOf(api);
  const [from, to] = stages.running;
  assert.ok(from && to);
  await api.create("/records/opportunity", { fields: { name: "Styled deal" } });
  await kim.go("/o/opportunity/board");
  await page.getByRole("link", { name: "Styled deal", exact: true }).waitFor();
  await dragCard(page, "Styled deal", from.label, to.label);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Account of Kim/ }).click();
  await page.getByText("Dark", { exact: true }).click();
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === "dark");
  assert.deepEqual(kim.faults, []);
});

story("What stands in a page by chance is neither run nor drawn", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/");
  const blocked = await page.evaluate(async () => {
    /** @type {string[]} */
    const found = [];
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.pwned = true";
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.body.append(script, style);
    const box = document.createElement("div");
    box.innerHTML = '<p style="color: red">x</p><img src="https://evil.example/x.png" onerror="window.pwned = true"><iframe src="https://evil.example"></iframe>';
    document.body.append(box);
    await fetch("https://evil.example/", { mode: "no-cors" }).catch(() => undefined);
    await new Promise((done) => setTimeout(done, 500));
    return { found: [...new Set(found)].sort(), ran: "pwned" in window, hidden: getComputedStyle(document.body).display === "none" };
  });
  assert.deepEqual(blocked, {
    found: ["connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"],
    ran: false,
    hidden: false,
  });
  // They were meant to be blocked.
  kim.faults.length = 0;
});

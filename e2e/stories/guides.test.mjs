// The guides, read in a browser: before one has signed in, from a screen, on a phone, and in Chinese.
import assert from "node:assert/strict";
import { accessibilityFindings, desktop, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @param {import("playwright-core").Page} page */
const overhang = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    story(`Somebody who cannot sign in reads the guides, at ${size} width in ${colorScheme} colours`, async (scene) => {
      const reader = await scene.window({ viewport, colorScheme });
      const { page } = reader;
      for (const name of ["", "/user-guide", "/api-design", "/benchmarks", "/how-to", "/zh/user-guide"]) {
        await reader.go(`/docs${name}`);
        await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
        assert.deepEqual(await accessibilityFindings(page, `/docs${name}`), []);
        assert.equal(await overhang(page), 0, `/docs${name} runs out of the screen`);
      }
    });
  }
}

story("Lee finds the section by a word, and the contents lead on", async (scene) => {
  const lee = await scene.window();
  const { page } = lee;
  await lee.go("/docs");
  await page.keyboard.press("/");
  await page.keyboard.type("recovery codes");
  await page.getByRole("listitem").filter({ hasText: "User guide › Sign in" }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await accessibilityFindings(page, "the search"), []);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/.+#/);

  const contents = page.getByRole("navigation", { name: "Contents" });
  await contents.getByRole("link", { name: "API guide", exact: true }).click();
  await page.getByRole("heading", { name: "API guide", level: 1 }).waitFor();
  assert.equal(await contents.getByRole("link", { name: "API guide", exact: true }).getAttribute("aria-current"), "page");
  await contents.getByRole("link", { name: "Move a deal" }).click();
  await page.waitForURL("**/docs/api-guide#move-a-deal");
});

story("On a phone the contents open and close without a script", async (scene) => {
  const reader = await scene.window({ viewport: phone, javaScriptEnabled: false });
  const { page } = reader;
  await reader.go("/docs/user-guide");
  await page.getByRole("link", { name: "Contents" }).click();
  await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Approvals", exact: true }).click();
  await page.waitForURL("**/docs/approvals");
  assert.ok(await page.getByRole("navigation", { name: "Contents" }).isHidden());
});

story("Ada is led from a screen of settings to what the guide says of it, in her colours", async (scene) => {
  const ada = await scene.windowOf(people.ada, { colorScheme: "light" });
  const { page } = ada;
  await page.getByRole("button", { name: /^Account of Ada/ }).click();
  await page.getByText("Dark", { exact: true }).click();
  await ada.go("/admin/holding");
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Guide to this screen" }).click();
  const guide = await opened;
  await guide.getByRole("heading", { name: "Who may have how much" }).waitFor();
  assert.match(guide.url(), /\/docs\/administrator-guide#who-may-have-how-much$/);
  assert.equal(await guide.evaluate(() => document.documentElement.dataset.colours), "dark");
});

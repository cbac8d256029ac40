import assert from "node:assert/strict";
import { assertAccessible, desktop, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    story(`Nothing keeps anybody out at ${size} width in ${colorScheme} colours`, async (scene) => {
      const kim = await scene.window({ viewport, colorScheme });
      const { page } = kim;
      await kim.go("/sign-in");
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      await assertAccessible(page, "sign-in");
      await fits(page, "sign-in");

      const api = await scene.api(people.kim);
      const { items } = await api.read("/records/opportunity?limit=1");
      const signedIn = await scene.windowOf(people.kim, { viewport, colorScheme });
      const screens = {
        home: "/",
        table: "/o/opportunity",
        board: "/o/opportunity/board",
        detail: `/o/opportunity/${items[0].id}`,
      };
      for (const [name, path] of Object.entries(screens)) {
        await signedIn.go(path);
        await settle(signedIn.page);
        await assertAccessible(signedIn.page, name);
        await fits(signedIn.page, name);
      }
    });
  }
}

story("Kim reads the app in Chinese, and it stays so", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go("/o/opportunity");
  await page.getByRole("button", { name: /^Account of Kim/ }).click();
  await page.getByText("简体中文").click();
  await page.getByRole("link", { name: "看板" }).first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await page.reload();
  await page.getByRole("link", { name: "看板" }).first().waitFor();

  for (const path of ["/o/opportunity", "/o/opportunity/board", "/imports"]) {
    await kim.go(path);
    await settle(page);
    await assertAccessible(page, `${path} in Chinese`);
    // What the shell says is Chinese throughout; records keep the words they were given.
    const words = await page.getByRole("navigation").first().innerText();
    assert.doesNotMatch(words.replaceAll("Stagecraft", "").replaceAll(/Ctrl|⌘|K\b/g, ""), /[A-Za-z]{4,}/);
  }

  await page.getByRole("button", { name: /Kim/ }).first().click();
  await page.getByText("English").click();
  await page.getByRole("link", { name: "Board" }).first().waitFor();
});

story("Kim turns the lights off, and they stay off", async (scene) => {
  const kim = await scene.windowOf(people.kim, { colorScheme: "light" });
  const { page } = kim;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: /^Account of Kim/ }).click();
  await page.getByText("Dark", { exact: true }).click();
  await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor !== before, light);
  const dark = await background();
  await page.reload();
  await settle(page);
  assert.equal(await background(), dark);
});

/**
 * Waits until what the screen asked for has come.
 * @param {import("playwright-core").Page} page
 */
async function settle(page) {
  await page.getByRole("main").waitFor();
  // The stream of events never ends, so the network is never idle: the skeletons tell.
  await page.waitForFunction(() => document.querySelector("main h1") !== null && document.querySelector("[aria-busy=true]") === null);
  await page.waitForTimeout(300);
}

/**
 * Nothing hangs over the edge of the screen.
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
async function fits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${what} is ${over} px wider than the screen`);
}

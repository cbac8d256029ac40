import assert from "node:assert/strict";
import { accessibilityFindings, desktop, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    story(`Nothing keeps anybody out at ${size} width in ${colorScheme} colours`, async (scene) => {
      const kim = await scene.window({ viewport, colorScheme });
      const { page } = kim;
      await kim.go("/sign-in");
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      const findings = [...(await accessibilityFindings(page, "sign-in")), ...(await overhang(page, "sign-in"))];

      const api = await scene.api(people.kim);
      const { items } = await api.read("/records/opportunity?limit=1");
      const signedIn = await scene.windowOf(people.kim, { viewport, colorScheme });
      const screens = {
        home: "/",
        table: "/o/opportunity",
        groups: "/o/opportunity?group=stage",
        board: "/o/opportunity/board",
        detail: `/o/opportunity/${items[0].id}`,
      };
      for (const [name, path] of Object.entries(screens)) {
        await signedIn.go(path);
        await settle(signedIn.page);
        findings.push(...(await accessibilityFindings(signedIn.page, name)), ...(await overhang(signedIn.page, name)));
      }
      assert.deepEqual(findings, []);
    });
  }
}

story("Lee reads the app in Chinese, and it stays so", async (scene) => {
  const lee = await scene.windowOf(people.lee);
  const { page } = lee;
  await lee.go("/o/opportunity");
  await page.getByRole("button", { name: /^Account of Lee/ }).click();
  await page.getByText("简体中文").click();
  await page.getByRole("link", { name: "看板" }).first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await page.reload();
  await page.getByRole("link", { name: "看板" }).first().waitFor();

  for (const path of ["/o/opportunity", "/o/opportunity/board", "/imports"]) {
    await lee.go(path);
    await settle(page);
    assert.deepEqual(await accessibilityFindings(page, `${path} in Chinese`), []);
    // What the shell says is Chinese throughout; records keep the words they were given.
    const words = await page.getByRole("navigation").first().innerText();
    assert.doesNotMatch(words.replaceAll("Stagecraft", "").replaceAll(/Ctrl|⌘|K\b/g, ""), /[A-Za-z]{4,}/);
  }

  await page.getByRole("button", { name: /Lee/ }).first().click();
  await page.getByText("English").click();
  await page.getByRole("link", { name: "Board" }).first().waitFor();
});

story("Mona turns the lights off, and they stay off", async (scene) => {
  const mona = await scene.windowOf(people.mona, { colorScheme: "light" });
  const { page } = mona;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: /^Account of Mona/ }).click();
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
 * What hangs over the edge of the screen.
 * @param {import("playwright-core").Page} page
 * @param {string} what
 * @returns {Promise<string[]>}
 */
async function overhang(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return over > 0 ? [`${what} is ${over} px wider than the screen`] : [];
}

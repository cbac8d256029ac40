import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { signIn, setup } from "../harness/api.mjs";
import { story } from "../harness/story.mjs";

story(
  "An empty house is set up by its first visitor and is ready for the first deal",
  async (scene) => {
    assert.equal((await setup(scene.url)).needs_setup, true);
    const visitor = await scene.window();
    const { page } = visitor;
    await visitor.go("/");
    await page.waitForURL("**/setup");
    assert.deepEqual(await accessibilityFindings(page, "set-up"), []);
    await page.getByLabel("Organisation").fill("Harbour & Sons");
    await page.getByLabel("Name").fill("Rosa Harbour");
    await page.getByLabel("E-mail").fill("rosa@harbour.example");
    await page.getByLabel("Password", { exact: true }).fill("a-long-enough-secret");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/setup"));
    await page.getByText("Rosa Harbour").first().waitFor({ state: "attached" });

    assert.equal((await setup(scene.url)).needs_setup, false);
    const rosa = await signIn(scene.url, "rosa@harbour.example", "a-long-enough-secret");
    assert.equal(rosa.me.admin, true);
    assert.equal(rosa.me.organisation.name, "Harbour & Sons");
    const { result } = await rosa.create("/records/opportunity", { fields: { name: "The very first" } });
    assert.equal(result, "saved");

    // The door is shut behind the first visitor.
    const late = await rosa.call("POST", "/setup", {
      organisation: "Intruders",
      main_currency: "USD",
      time_zone: "UTC",
      language: "en",
      name: "Mallory",
      email: "mallory@example.org",
      password: "another-long-secret",
    });
    assert.ok(late.status >= 400 && late.status < 500, `answered ${late.status}`);
  },
  { empty: true },
);

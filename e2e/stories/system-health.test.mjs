import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Ada looks whether all is well, sees what was refused, and is led to where something is done", async (scene) => {
  const api = await scene.api(people.ada);
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/");
  await page.getByRole("link", { name: "System health" }).click();
  await page.getByRole("heading", { name: "System health" }).waitFor();
  const parts = page.getByRole("region", { name: "How things stand" });
  await parts.getByRole("listitem").filter({ hasText: "Database" }).getByText("It answers within").waitFor();
  await page.getByRole("region", { name: "Servers" }).getByText("This one").waitFor();
  await page.getByRole("region", { name: "About this installation" }).getByText("SQLite").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "system health"), []);

  // Somebody is refused something: the page tells of it by itself.
  assert.equal((await api.call("GET", "/records/nothing")).status, 404);
  await page.getByRole("region", { name: "Refused and failed in the last hour" }).getByText("not_found").waitFor();

  await parts.getByRole("link", { name: "Open: Background work" }).click();
  await page.getByRole("heading", { name: "Background work" }).waitFor();

  // On a phone, in the dark, in Chinese.
  await api.call("PATCH", "/me", { language: "zh-CN" });
  const small = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  await small.go("/admin/health");
  await small.page.getByRole("heading", { name: "系统健康" }).waitFor();
  await small.page.getByText("自动刷新").waitFor();
  assert.deepEqual(await accessibilityFindings(small.page, "system health on a phone"), []);
  assert.equal(await small.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await api.call("PATCH", "/me", { language: "en" });
});

story("Kim, who administers nothing, is told nothing of the system", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  await kim.go("/");
  await kim.page.getByRole("navigation").first().waitFor();
  assert.equal(await kim.page.getByRole("link", { name: "System health" }).count(), 0);
  const api = await scene.api(people.kim);
  assert.equal((await api.call("GET", "/system/health")).status, 403);
});

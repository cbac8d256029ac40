import assert from "node:assert/strict";
import { card, stagesOf } from "../harness/board.mjs";
import { composer, timeline } from "../harness/activity.mjs";
import { demoPassword } from "../harness/api.mjs";
import { keyboardOf } from "../harness/keyboard.mjs";
import { linesOn } from "../harness/money.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim sells for a day without a mouse", async (scene) => {
  const api = await scene.api(people.kim);
  const { running, won } = await stagesOf(api);
  const [first, second, third] = running;
  assert.ok(first && second && third);
  const { record: account } = await api.create("/records/account", { fields: { name: "Elbe Tunnel Works" } });
  await api.create("/records/opportunity", { fields: { name: "Pumps for the Elbe tunnel", account: account.id } });

  const kim = await scene.window();
  const { page } = kim;
  const hands = await keyboardOf(kim);
  const dialog = onTop(page);

  // She signs in.
  await kim.go("/sign-in");
  await hands.write(page.getByLabel("E-mail"), people.kim);
  await hands.write(page.getByLabel("Password", { exact: true }), demoPassword);
  await hands.press("Enter");
  await page.getByRole("heading", { level: 1, name: /Kim/ }).waitFor();

  // What she was at is gone: the content has the focus. Of a page that is loaded, the first stop leads past the navigation.
  await hands.expectFocus(page.getByRole("main"));
  await kim.go("/");
  await page.getByRole("heading", { level: 1, name: /Kim/ }).waitFor();
  await hands.press("Tab");
  await hands.expectFocus(page.getByRole("link", { name: "Skip to content" }));
  await hands.press("Enter");
  await hands.expectFocus(page.getByRole("main"));

  // A new deal. One that is alike is shown before it is saved; going back and saving all the same are both in reach.
  await hands.press("g");
  await hands.press("o");
  await page.getByRole("heading", { level: 1, name: "Opportunities" }).waitFor();
  await hands.press("c");
  await dialog.getByRole("textbox", { name: /^Opportunity name/ }).waitFor();
  await hands.expectFocus(dialog.getByRole("textbox", { name: /^Opportunity name/ }));
  await hands.type("Pump for the Elbe tunnel");
  await hands.choose(dialog.getByRole("combobox", { name: /^Account/ }), "Elbe Tunnel Works", "Elbe Tun");
  kim.expectRefusal(422, /\/records\/opportunity/);
  await hands.act(dialog.getByRole("button", { name: "Create", exact: true }));
  const alike = page.getByRole("dialog", { name: "Is it one of these?" });
  await alike.getByRole("link", { name: "Pumps for the Elbe tunnel", exact: true }).waitFor();
  await hands.press("Escape");
  await alike.waitFor({ state: "hidden" });
  await hands.expectFocus(dialog.getByRole("button", { name: "Create", exact: true }));
  await hands.press("Enter");
  await hands.act(alike.getByRole("button", { name: "Save all the same" }));
  await dialog.waitFor({ state: "hidden" });

  // On the board she picks its card up and carries it on.
  await hands.press("g");
  await hands.press("b");
  const name = "Pump for the Elbe tunnel";
  await hands.tabTo(card(page, first.label, name));
  await hands.press("Space");
  await page.getByText(`${name} picked up.`).waitFor({ state: "attached" });
  await hands.press("ArrowRight");
  await page.getByText(`${name} over ${second.label}`).waitFor({ state: "attached" });
  await hands.press("Space");
  await card(page, second.label, name).or(page.getByRole("dialog")).first().waitFor();
  if (await page.getByRole("dialog").isVisible()) await answer();
  await card(page, second.label, name).waitFor();

  // She opens it and goes on in its path, where a gate asks for what is missing.
  await hands.tabTo(card(page, second.label, name));
  await hands.press("Enter");
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.locator("[aria-current=step]").waitFor();
  kim.expectRefusal(422, /\/move$/);
  await moveBy(third.label);

  // A call.
  await hands.press("l");
  await composer(page).getByRole("textbox", { name: "What happened" }).waitFor();
  await hands.type("They want it before the winter.");
  await hands.press("Control+Enter");
  await timeline(page).getByRole("article", { name: "They want it before the winter." }).waitFor();

  // Lines of what she offers.
  await hands.tabTo(page.getByRole("tab", { name: "Details" }), "Shift+Tab");
  for (let at = 0; at < 8 && (await page.getByRole("tab", { name: "Lines" }).getAttribute("aria-selected")) !== "true"; at += 1) await hands.press("ArrowRight");
  const { grid } = linesOn(page);
  await hands.tabTo(grid.getByRole("combobox", { name: "Product, row 1" }).or(page.getByRole("button", { name: "Add row" })).first());
  if (await page.getByRole("button", { name: "Add row" }).evaluate((one) => one === document.activeElement)) await hands.press("Enter");
  const line = grid.getByRole("textbox", { name: "Line, row 1", exact: true });
  await hands.write(line, "Pump");
  await hands.write(grid.getByRole("textbox", { name: "Quantity, row 1", exact: true }), "2");
  await hands.write(grid.getByRole("textbox", { name: "Price, row 1", exact: true }), "24000");
  await hands.act(page.getByRole("button", { name: "Save lines" }));
  await page.getByText("Lines saved").first().waitFor();

  // Stage by stage she wins it; "m" asks where to.
  for (const { label } of running.slice(3)) await moveBy(label);
  await hands.press("Escape");
  await hands.press("m");
  await dialog.waitFor();
  await hands.act(dialog.getByRole("button", { name: new RegExp(`^${won.label}`) }));
  await answer();
  await page.locator("[aria-current=step]", { hasText: won.label }).waitFor();

  // What came of the quarter, as a table.
  await hands.act(page.getByRole("navigation", { name: "Places" }).or(page.getByRole("navigation")).first().getByRole("link", { name: "Analysis" }));
  await hands.act(page.getByRole("main").getByRole("link", { name: /^Stage conversion/ }));
  await page.getByRole("heading", { level: 1, name: /Stage conversion/ }).waitFor();
  await hands.act(page.getByRole("button", { name: /table/i }).first());
  await page.getByRole("main").getByRole("table").first().waitFor();

  // And she goes home.
  await hands.act(page.getByRole("button", { name: /^Account of Kim/ }));
  await hands.act(page.getByRole("button", { name: "Sign out" }));
  await page.waitForURL("**/sign-in*");

  const deals = await (await scene.api(people.kim)).read(`/records/opportunity?q=${encodeURIComponent("Pump for the Elbe tunnel")}`);
  assert.equal(deals.items.find((/** @type {any} */ one) => one.fields.name === name).fields.stage, won.key);

  /**
   * Moves on by the button in the path.
   * @param {string} stage
   */
  async function moveBy(stage) {
    await hands.act(page.getByRole("region", { name: "Stage path" }).getByRole("button", { name: new RegExp(`^(Move to|Next:|Move on to) ?${stage}`) }).last());
    const arrived = page.locator("[aria-current=step]", { hasText: stage });
    await dialog.or(arrived).first().waitFor();
    if (await dialog.isVisible()) await answer();
    await arrived.waitFor();
  }

  /** Fills in what a move asks for and moves. */
  async function answer() {
    const submit = dialog.getByRole("button", { name: /^Move to / });
    await submit.waitFor();
    for (const field of await dialog.locator("input:visible, textarea:visible").all()) {
      if ((await field.inputValue()) !== "" || (await field.getAttribute("type")) === "radio") continue;
      if ((await field.getAttribute("aria-haspopup")) === "listbox") {
        await hands.tabTo(field);
        await hands.press("ArrowDown");
        await page.getByRole("option").first().waitFor();
        await hands.press("ArrowDown");
        await hands.press("Enter");
      } else if ((await field.getAttribute("type")) === "date") {
        await hands.tabTo(field);
        await hands.type("30062030");
      } else await hands.write(field, (await field.getAttribute("inputmode")) === "decimal" ? "48000" : "It was time");
    }
    await hands.act(submit);
    await dialog.waitFor({ state: "hidden" });
  }
});

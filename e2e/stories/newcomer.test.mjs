import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { checked, countOf, fileOf, run, send } from "../harness/imports.mjs";
import { signIn } from "../harness/api.mjs";
import { layoutFindings } from "../harness/layout.mjs";
import { closeDrawer, draftSaved, openStage } from "../harness/pipelines.mjs";
import { createOpportunity } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

const FIRMS = ["Nordwind Energie", "Alpenhof Hotels", "Rheintal Logistik", "Baltic Freight", "Moravia Glass", "Jura Watches", "Seeland Foods", "Lindental Brauerei"];
const STAGES = ["Prospecting", "Qualification", "Proposal", "Negotiation", "Won", "Deal lost"];
const two = (/** @type {number} */ n) => String(n).padStart(2, "0");

/** Deals as another system gives them: with its own words, two currencies, and people by their names. */
const FILE = [
  "Deal ID,Deal,Customer,Sales rep,Deal stage,Value,Expected close,Created,Stage since,Closed on",
  ...Array.from({ length: 48 }, (_, at) => {
    const stage = STAGES[(at * 5 + Math.floor(at / 6)) % 6] ?? "";
    const firm = FIRMS[(at * 3) % FIRMS.length];
    const closed = stage === "Won" || stage === "Deal lost" ? `2026-${two(3 + (at % 8))}-${two(1 + (at % 27))}` : "";
    return [`D-${100 + at}`, `${firm}: plant ${at + 1}`, firm, at % 2 === 0 ? "Ben Carter" : "Rosa Harbour", stage, at === 6 ? "EUR 287654321.50" : `${at % 4 === 0 ? "USD" : "EUR"} ${1_000 + at * 731}.50`, `2027-${two(1 + (at % 9))}-15`, `2026-${two(1 + (at % 8))}-${two(1 + (at % 27))}`, `2026-${two(2 + (at % 8))}-${two(1 + (at % 27))}`, closed].join(",");
  }),
].join("\n");

story(
  "A newcomer sets an empty house up, brings his deals in, sets a gate, a task and a limit, wins a deal and finds it in the analysis",
  async (scene) => {
    const rosa = await scene.window();
    const { page } = rosa;
    const dialog = page.getByRole("dialog");
    const steps = page.getByRole("region", { name: "First steps" });
    const go = async (/** @type {string} */ step) => {
      await page.getByRole("link", { name: "Home", exact: true }).click();
      await steps.getByRole("link", { name: step }).click();
    };
    const done = () => steps.getByText(/of 5 done$/).innerText();

    // The first visit, and what is to be done first.
    await rosa.go("/");
    await page.getByLabel("Organisation").fill("Harbour & Sons");
    await page.getByRole("combobox", { name: "Main currency" }).fill("EUR");
    await page.getByRole("option", { name: "EUR", exact: true }).click();
    await page.getByLabel("Name").fill("Rosa Harbour");
    await page.getByLabel("E-mail").fill("rosa@harbour.example");
    await page.getByLabel("Password", { exact: true }).fill("a-long-enough-secret");
    await page.getByRole("button", { name: "Begin" }).click();
    await steps.waitFor();
    assert.equal(await done(), "1 of 5 done");
    assert.deepEqual(await accessibilityFindings(page, "first steps"), []);
    await page.setViewportSize(phone);
    assert.deepEqual(await layoutFindings(page, "first steps on a phone", { touch: true }), []);
    await page.setViewportSize({ width: 1280, height: 800 });

    // A rate for the other currency, and somebody who sells.
    await steps.getByRole("link", { name: "Organisation" }).click();
    await page.getByRole("combobox", { name: "Currency", exact: true }).fill("USD");
    await page.getByRole("option", { name: /^USD/ }).click();
    await page.getByLabel(/^Rate in /).fill("0.92");
    await page.getByRole("button", { name: "Add rate" }).click();
    await page.getByText("The rate is saved.").first().waitFor();
    await go("People");
    await page.getByRole("button", { name: "New person" }).click();
    await dialog.getByLabel("Name").first().fill("Ben Carter");
    await dialog.getByRole("textbox", { name: "E-mail" }).fill("ben@harbour.example");
    await dialog.getByRole("combobox", { name: "Roles" }).press("ArrowDown");
    await page.getByRole("option", { name: "Salesperson", exact: true }).click();
    await page.keyboard.press("Tab");
    await dialog.getByLabel("Password", { exact: true }).fill("another-long-secret");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Ben Carter is saved.").waitFor();

    // What a stage asks for, and what is to be done in it.
    await go("Pipelines");
    await page.getByRole("link", { name: "Standard sales process" }).click();
    let drawer = await openStage(page, "Prospecting");
    await drawer.getByRole("button", { name: "Add a task" }).click();
    await page.getByRole("menuitem", { name: "Fill in fields" }).click();
    await drawer.getByLabel("Name").fill("Agree on the date");
    await drawer.getByRole("combobox", { name: "Fields to be filled in" }).fill("close");
    await page.getByRole("option", { name: "Expected close date" }).click();
    await page.keyboard.press("Escape");
    await drawer.getByRole("button", { name: "Back to Prospecting" }).click();
    await closeDrawer(page);
    drawer = await openStage(page, "Qualification");
    await drawer.getByRole("combobox", { name: "Fields to be filled in on entering" }).fill("amount");
    await page.getByRole("option", { name: "Opportunity amount", exact: true }).click();
    await page.keyboard.press("Escape");
    await closeDrawer(page);
    await draftSaved(page);
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await dialog.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText(/^Standard sales process: version \d+ is in force\.$/).waitFor();

    // His deals. Without a name for them, or without their past, it is said what would happen before anything is checked.
    await go("Imports");
    await send(page, [fileOf("deals.csv", FILE)]);
    await page.getByRole("button", { name: "Continue" }).click();
    const name = page.getByRole("combobox", { name: "Field for Deal", exact: true });
    const past = page.getByRole("switch", { name: /^These deals are already under way/ });
    await past.waitFor();
    const open = page.getByRole("region", { name: "Before you check" });
    await name.fill("");
    await name.press("Escape");
    await page.getByRole("row").filter({ has: name }).locator("button:not([aria-label])").first().click();
    await open.getByText(/^Opportunity name must not be blank, and no column fills it\./).waitFor();
    assert.deepEqual(await accessibilityFindings(page, "a mapping that leaves something open"), []);
    await name.fill("Opportunity name");
    await page.getByRole("option", { name: "Opportunity name *" }).click();
    await open.waitFor({ state: "hidden" });
    await past.click();
    await page.getByText(/^As it is, every new deal begins today in the first stage/).waitFor();
    await past.click();
    for (const [column, field] of [["Created", "Created at"], ["Stage since", "Stage entered at"], ["Closed on", "Closed at"]]) {
      const choice = page.getByRole("combobox", { name: `Field for ${column}`, exact: true });
      await choice.fill(field ?? "");
      await page.getByRole("option", { name: field, exact: true }).click();
    }
    await page.getByRole("combobox", { name: "Stage in which closed deals stood before" }).click();
    await page.getByRole("option", { name: "Negotiation" }).click();
    await page.getByRole("button", { name: "Check", exact: true }).last().click();
    await checked(page);
    // None of the customers is known yet: they come in with the deals.
    await page.getByRole("button", { name: "Create all 8 of Customer" }).click();
    await page.getByText("Every row can come in. Nothing has been written yet.").waitFor();
    await run(page);
    assert.equal(await countOf(page, "created"), "48");

    // How many one may have.
    await go("Holding rules");
    await page.getByRole("link", { name: "New rule" }).click();
    await page.getByRole("textbox", { name: /^Name/ }).fill("At most thirty each");
    await page.getByRole("textbox", { name: /^Limit/ }).fill("30");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("heading", { name: "At most thirty each" }).waitFor();

    // Nothing is left to do first.
    await page.getByRole("link", { name: "Home", exact: true }).click();
    await page.getByRole("heading", { name: /^Good day/ }).waitFor();
    await page.getByRole("region", { name: "Key figures" }).getByRole("button", { name: /€/ }).first().waitFor();
    assert.equal(await steps.count(), 0);
    // However large a figure is, it is shown whole.
    for (const viewport of [{ width: 1280, height: 800 }, phone]) {
      await page.setViewportSize(viewport);
      const cut = await page.getByRole("region", { name: "Key figures" }).getByRole("button").evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().height > 40).map((one) => one.textContent));
      assert.deepEqual(cut, []);
    }
    await page.setViewportSize({ width: 1280, height: 800 });

    // Ben leads a deal of his own to Won: by its task, its gate, and on.
    const ben = await scene.windowOf("ben@harbour.example", { viewport: { width: 1280, height: 800 } }, "another-long-secret");
    // The dialog asks the server what is still missing.
    ben.expectRefusal(422, /\/move$/);
    const his = ben.page;
    await ben.go("/o/opportunity");
    const id = await createOpportunity(his, "A pump of his own");
    await ben.go(`/o/opportunity/${id}`);
    const path = his.getByRole("region", { name: "Stage path" });
    const tasks = his.getByRole("region", { name: /^Tasks in / });
    const task = tasks.getByRole("listitem").filter({ hasText: "Agree on the date" });
    await task.getByRole("button", { name: /^Agree on the date/ }).click();
    await task.getByLabel(/^Expected close date/).fill("2030-06-30");
    await task.getByRole("button", { name: "Save & complete task" }).click();
    await tasks.getByRole("button", { name: "Move to Qualification" }).click();
    await his.getByRole("dialog").getByRole("textbox", { name: /amount/ }).fill("52000");
    await his.getByRole("dialog").getByRole("button", { name: "Move to Qualification" }).click();
    for (const [from, to] of [["Qualification", "Proposal"], ["Proposal", "Negotiation"], ["Negotiation", "Won"]]) {
      await path.getByRole("button", { name: new RegExp(`^${from}.*Current stage`) }).waitFor();
      await path.getByRole("button", { name: new RegExp(`^${to}`) }).click();
      const arrived = path.getByRole("button", { name: new RegExp(`^${to}.*Current stage`) });
      await his.getByRole("button", { name: `Move to ${to}` }).first().click();
      await arrived.waitFor();
    }

    // The analysis knows it, beside those that were won elsewhere.
    const api = await signIn(scene.url, "rosa@harbour.example", "a-long-enough-secret");
    assert.equal((await api.read(`/records/opportunity/${id}`)).fields.stage, "won");
    const wonInFile = FILE.split("\n").filter((line) => line.includes(",Won,")).length;
    await page.getByRole("link", { name: "Analysis", exact: true }).click();
    await page.getByRole("link", { name: /^Stage conversion/ }).first().click();
    const chart = page.getByRole("region", { name: "Opportunity 2.0 Stage Conversion Analysis" });
    await chart.getByRole("button", { name: new RegExp(`^Won: ${wonInFile + 1}\\b`) }).click();
    await page.getByRole("dialog").getByText("A pump of his own").waitFor();
  },
  { empty: true },
);

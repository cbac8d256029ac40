// A walk over every screen: what stands on it is looked at, tab by tab and dialog by dialog.
import { accessibilityFindings } from "./browser.mjs";
import { layoutFindings } from "./layout.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {object} Looks
 * @property {boolean} [axe] look with axe
 * @property {boolean} [dark] look once more in dark colours
 * @property {boolean} [layout] look whether everything has room
 * @property {boolean} [touch] look whether fingers hit everything
 * @property {boolean} [framed] leave out the frame around the screen, which has been looked at
 * @property {boolean} [opens] open dialogs, drawers and menus
 * @property {(page: Page, what: string) => Promise<void>} [seen] called with everything that was looked at
 */

/** Of long lists the first lines tell what the others are like. */
const MORE_OF_THE_SAME = ["main tbody tr:nth-child(n+5)", "main [role=rowgroup] > [role=row]:nth-child(n+5)", "main li:nth-child(n+6)"];
const FRAME = "[class*=_navigation_]";

/**
 * Goes to a place inside the app without loading it anew.
 * @param {Page} page which shows the app
 * @param {string} address
 */
export async function walkTo(page, address) {
  const { pathname } = new URL(address, "http://stagecraft");
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate", { state: null }));
  }, address);
  await page.waitForURL((url) => url.pathname === pathname);
  await settle(page);
}

/**
 * Waits until what the screen asked for has come, also what it asks for only once it is looked at.
 * @param {Page} page
 */
export async function settle(page) {
  // The stream of events never ends, so the network is never idle: the skeletons tell.
  const done = () => {
    const waiting = [...document.querySelectorAll("[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root")].find((one) => one.checkVisibility());
    if (!waiting) return document.querySelector("main h1") !== null;
    const { top, bottom } = waiting.getBoundingClientRect();
    if (top > innerHeight || bottom < 0) waiting.scrollIntoView({ block: "center" });
    return false;
  };
  await page.waitForFunction(done);
  await page.waitForTimeout(120);
  await page.waitForFunction(done);
  await page.evaluate(() => document.querySelector("main")?.scrollTo(0, 0));
}

/**
 * @param {Page} page
 * @param {"light" | "dark"} colorScheme
 */
async function inColours(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((wanted) => document.documentElement.dataset.mantineColorScheme === wanted, colorScheme);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60))));
}

/**
 * Looks at what is shown.
 * @param {Page} page
 * @param {string} what
 * @param {Looks} looks
 * @returns {Promise<string[]>}
 */
async function lookAt(page, what, { axe = true, dark = false, layout = false, touch = false, framed = false, seen }) {
  const findings = [];
  const without = await page.evaluate((one) => (document.querySelector("[role=dialog]:not([hidden])") ? ["#root", ...one] : one), [...MORE_OF_THE_SAME, ...(framed ? [FRAME] : [])]);
  if (axe) findings.push(...(await accessibilityFindings(page, what, { without })));
  if (layout || touch) findings.push(...(await layoutFindings(page, what, { touch })));
  await seen?.(page, what);
  if (dark) {
    await inColours(page, "dark");
    findings.push(...(await accessibilityFindings(page, `${what}, dark`, { rules: ["color-contrast", "link-in-text-block"], without })));
    await inColours(page, "light");
  }
  return findings;
}

/**
 * Visits a screen and everything on it.
 * @param {Page} page
 * @param {import("./screens.mjs").Screen} screen
 * @param {Looks} looks
 * @returns {Promise<string[]>}
 */
export async function visit(page, screen, looks) {
  await walkTo(page, screen.address);
  const findings = await lookAt(page, screen.address, looks);
  if (screen.tabs) {
    const tabs = page.getByRole("main").getByRole("tab");
    for (let at = 0; at < (await tabs.count()); at += 1) {
      const tab = tabs.nth(at);
      if ((await tab.getAttribute("aria-selected")) === "true" || (await tab.isDisabled())) continue;
      const name = (await tab.innerText()).trim();
      await tab.click();
      await settle(page);
      findings.push(...(await lookAt(page, `${screen.address} [${name}]`, looks)));
    }
    if ((await tabs.count()) > 0) await tabs.first().click();
  }
  for (const name of looks.opens ? (screen.opens ?? []) : []) {
    const opener = page.getByRole("main").getByRole("button", { name }).filter({ visible: true }).first();
    await opener.waitFor({ timeout: 10_000 }).catch(() => undefined);
    if ((await opener.count()) === 0) {
      findings.push(`${screen.address}: nothing to press for ${name}`);
      continue;
    }
    await opener.click();
    const open = page.locator("[role=dialog]:visible, [role=menu]:visible, [role=listbox]:visible").last();
    await open.waitFor({ timeout: 5_000 }).catch(() => findings.push(`${screen.address}: ${name} opens nothing`));
    await settleTop(page);
    findings.push(...(await lookAt(page, `${screen.address} after ${name}`, looks)));
    await page.keyboard.press("Escape");
    await open.waitFor({ state: "hidden", timeout: 3_000 }).catch(async () => {
      findings.push(`${screen.address}: Escape does not close what ${name} opened`);
      await page.reload();
      await settle(page);
    });
  }
  return findings;
}

/** @param {Page} page */
async function settleTop(page) {
  await page.waitForFunction(() => document.querySelector("[role=dialog] [aria-busy=true], [role=dialog] .mantine-Skeleton-root") === null);
  await page.waitForTimeout(120);
}

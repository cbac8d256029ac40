// A browser that notices what goes wrong behind the picture: errors in the console, requests that failed.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { demoPassword } from "./api.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** @returns {Promise<import("playwright-core").Browser>} */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.STAGECRAFT_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * One person's window, with a profile of its own.
 * @typedef {object} Window
 * @property {import("playwright-core").Page} page
 * @property {import("playwright-core").BrowserContext} context
 * @property {string[]} faults what went wrong unseen
 * @property {(path: string) => Promise<void>} go
 * @property {(status: number, path: RegExp) => void} expectRefusal from now on this answer is part of the story
 * @property {() => Promise<import("playwright-core").Page>} anotherTab
 * @property {() => Promise<void>} close fails when anything went wrong unseen
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 * @returns {Promise<Window>}
 */
export async function openWindow(browser, url, options = {}) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: desktop,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(Number(process.env.STORY_PATIENCE ?? 30_000));
  /** @type {string[]} */
  const faults = [];
  /** @type {{status: number, path: RegExp}[]} */
  const expected = [];

  /** @param {import("playwright-core").Page} page */
  function watch(page) {
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      // The browser reports every refused request here too; those are judged by their answers below.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        faults.push(`console: ${message.text()}`);
      }
    });
    page.on("response", (answer) => {
      if (answer.status() < 400) return;
      const path = new URL(answer.url()).pathname;
      if (expected.some((one) => one.status === answer.status() && one.path.test(path))) return;
      faults.push(`${answer.request().method()} ${path} answered ${answer.status()}`);
    });
    page.on("requestfailed", (request) => {
      // Leaving a page ends its requests and its stream of events.
      if (request.failure()?.errorText === "net::ERR_ABORTED") return;
      faults.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`);
    });
  }
  context.on("page", watch);
  // What the content security policy blocks is no surprise to anybody but us.
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`the policy blocks ${event.effectiveDirective}: ${event.blockedURI} ${event.sample} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  const page = await context.newPage();

  // Nobody has signed in yet, which the app can only find out by asking.
  expected.push({ status: 401, path: /^\/api\/v1\/me$/ });

  return {
    page,
    context,
    faults,
    async go(path) {
      await page.goto(path);
    },
    expectRefusal(status, path) {
      expected.push({ status, path });
    },
    anotherTab: () => context.newPage(),
    async close() {
      await context.close();
      assert.deepEqual(faults, [], "something went wrong unseen");
    },
  };
}

/**
 * Signs in by the form, as a person does.
 * @param {Window} window
 * @param {string} email
 * @param {string} [password]
 */
export async function signInOnScreen({ page }, email, password = demoPassword) {
  await page.goto("/sign-in");
  await page.getByLabel(/^(E-mail|邮箱)$/).fill(email);
  await page.getByLabel(/^(Password|密码)$/).fill(password);
  await page.getByRole("button", { name: /^(Sign in|登录)$/ }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/**
 * What axe finds serious or critical on the page as it stands: a line for each.
 * @param {import("playwright-core").Page} page
 * @param {string} what the screen's name
 * @param {object} [only] less than everything, where the rest has been looked at already
 * @param {string[]} [only.rules] these alone
 * @param {string[]} [only.without] CSS selectors of what is left out
 * @returns {Promise<string[]>}
 */
export async function accessibilityFindings(page, what, { rules, without } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  // A button that has just become usable is half way between two colours for a moment.
  await page.evaluate(() => {
    const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(passing.map((one) => one.finished));
  });
  const found = await page.evaluate(async ({ only, exclude }) => {
    const { violations } = await /** @type {any} */ (window).axe.run(exclude ? { exclude } : document, {
      runOnly: only ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      // An experimental rule, which takes the initials of a portrait for a name that ought to be read out.
      ...(only ? {} : { rules: { "label-content-name-mismatch": { enabled: false } } }),
      resultTypes: ["violations"],
    });
    return violations
      .filter((/** @type {any} */ one) => one.impact === "serious" || one.impact === "critical")
      .flatMap((/** @type {any} */ one) =>
        one.nodes.slice(0, 3).map((/** @type {any} */ node) => `${one.id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ""}`),
      );
  }, { only: rules ?? null, exclude: without?.map((one) => [one]) ?? null });
  return found.map((/** @type {string} */ line) => `${what}: ${line}`);
}

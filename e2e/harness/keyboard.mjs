// A person who has nothing but a keyboard: no story told with these hands ever touches a pointer.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * @typedef {object} Keyboard
 * @property {(key: string, times?: number) => Promise<void>} press
 * @property {(text: string) => Promise<void>} type
 * @property {(to: Locator, key?: "Tab" | "Shift+Tab") => Promise<void>} tabTo walks with Tab until it has the focus, and sees it at every step
 * @property {(to: Locator, key?: string) => Promise<void>} act tabs there and presses Enter
 * @property {(to: Locator, text: string) => Promise<void>} write tabs there and types
 * @property {(to: Locator, option: string | RegExp, words?: string) => Promise<void>} choose tabs to a list, opens it, and takes an option with the arrows
 * @property {(to: Locator) => Promise<void>} expectFocus
 */

/**
 * The keyboard of a window. From now on any use of a pointer in it is a fault of the story.
 * @param {import("./browser.mjs").Window} window
 * @returns {Promise<Keyboard>}
 */
export async function keyboardOf({ page, context, faults }) {
  await context.exposeBinding("pointerUsed", (_, what) => faults.push(`a pointer was used: ${what}`));
  await context.addInitScript(() => {
    for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"]) {
      addEventListener(kind, (event) => event.isTrusted && /** @type {any} */ (globalThis).pointerUsed(`${kind} on ${/** @type {Element} */ (event.target).outerHTML?.slice(0, 120)}`), { capture: true, passive: true });
    }
  });
  // Hands that would reach for the mouse find none.
  const none = () => {
    throw new Error("This person has no pointer.");
  };
  for (const act of ["click", "dblclick", "down", "up", "move", "wheel"]) /** @type {any} */ (page.mouse)[act] = none;
  page.touchscreen.tap = none;
  for (const act of ["click", "dblclick", "tap", "hover", "check", "uncheck", "selectOption", "dragAndDrop", "fill", "focus"]) /** @type {any} */ (page)[act] = none;
  const { keyboard } = page;

  /** @param {Locator} to */
  const focused = (to) => to.evaluateAll((all) => all.some((one) => one === document.activeElement));

  /** What is to be said against the place where the focus is. */
  const complaint = () =>
    page.evaluate(async () => {
      const one = /** @type {HTMLElement | null} */ (document.activeElement);
      if (!one || one === document.body) return "";
      const name = one.getAttribute("aria-label") ?? one.textContent?.trim().slice(0, 40) ?? one.tagName;
      const message = one.closest("[class*=Notification]") !== null;
      // What scrolls gently has not arrived yet.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))));
      await Promise.allSettled(document.getAnimations().filter((at) => at.effect?.getComputedTiming().endTime !== Infinity).map((at) => at.finished));
      // A message whose time was over just as it was reached has gone, and the focus with it.
      if (message && !one.isConnected) return "";
      const box = one.getBoundingClientRect();
      if (one.matches("main")) return "";
      /** @param {Element} at */
      const shown = (at) => {
        const style = getComputedStyle(at);
        // What is drawn is framed by a stroke.
        if (at instanceof SVGElement && [at, ...at.children].some((part) => getComputedStyle(part).stroke !== "none" && parseFloat(getComputedStyle(part).strokeWidth) >= 2)) return true;
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      };
      // A radio or a switch is drawn by what stands beside or around it.
      const around = [one, one.nextElementSibling, one.parentElement, one.parentElement?.parentElement, one.closest("[class*=wrapper], [class*=root]")].filter((at) => at !== null && at !== undefined);
      const framed = one.matches("input, textarea, [contenteditable=true]") || around.some(shown);
      if (!framed) return `the focus on “${name}” is not to be seen`;
      const labelled = one.matches("input[type=radio], input[type=checkbox], input[type=file]");
      if (labelled) return "";
      if (box.width < 1 || box.height < 1) return `the focus is on “${name}”, which has no size`;
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
      if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) return `the focus on “${name}” is out of sight`;
      const top = document.elementFromPoint(x, y);
      if (top && top !== one && !one.contains(top) && !top.contains(one) && top.closest("[class*=Notification]") === null) return `the focus on “${name}” is hidden behind ${top.outerHTML.slice(0, 80)}`;
      return "";
    });

  /** @type {Keyboard["tabTo"]} */
  async function tabTo(to, key = "Tab") {
    await to.first().waitFor();
    /** @type {string[]} */
    const passed = [];
    for (let steps = 0; steps < 120; steps += 1) {
      if (await focused(to)) return;
      await keyboard.press(key);
      const wrong = await complaint();
      if (wrong) faults.push(wrong);
      passed.push(await page.evaluate(() => (document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "").trim().slice(0, 24)));
    }
    assert.fail(`Tab does not lead to ${to}: it passes ${passed.slice(-60).join(" | ")}`);
  }

  /** @type {Keyboard} */
  const hands = {
    async press(key, times = 1) {
      for (let at = 0; at < times; at += 1) await keyboard.press(key);
    },
    type: (text) => keyboard.type(text),
    tabTo,
    async act(to, key = "Enter") {
      await tabTo(to);
      await keyboard.press(key);
    },
    async write(to, text) {
      await tabTo(to);
      await keyboard.press("ControlOrMeta+a");
      await keyboard.type(text);
    },
    async choose(to, option, words) {
      await tabTo(to);
      const wanted = page.getByRole("option", { name: option, exact: typeof option === "string" });
      if ((await page.getByRole("option").filter({ visible: true }).count()) === 0) await keyboard.press(words ? "End" : "ArrowDown");
      if (words) await keyboard.type(words);
      await wanted.first().waitFor();
      for (let steps = 0; steps < 60; steps += 1) {
        if (await wanted.first().evaluate((one) => one.matches("[data-combobox-selected], [aria-selected=true][data-active], [data-combobox-active]") || one.hasAttribute("data-combobox-selected"))) break;
        await keyboard.press("ArrowDown");
      }
      await keyboard.press("Enter");
    },
    async expectFocus(to) {
      await page.waitForTimeout(150);
      if (!(await focused(to))) {
        const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
        assert.fail(`the focus is not on ${to} but on ${at}`);
      }
    },
  };
  return hands;
}

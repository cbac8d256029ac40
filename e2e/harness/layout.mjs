// Whether what is written on a screen has room, and fingers and eyes find what they look for.

/**
 * @typedef {object} Wanted
 * @property {boolean} [touch] whether fingers must hit it
 */

/**
 * What is wrong with how the page is laid out, a line for each.
 * @param {import("playwright-core").Page} page
 * @param {string} what the screen's name
 * @param {Wanted} [wanted]
 * @returns {Promise<string[]>}
 */
export async function layoutFindings(page, what, { touch = false } = {}) {
  const found = await page.evaluate(look, touch);
  return found.map((line) => `${what}: ${line}`);
}

/**
 * Runs in the page.
 * @param {boolean} touch
 * @returns {string[]}
 */
function look(touch) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const say = (/** @type {string} */ key, /** @type {string} */ line) => found.set(key, found.get(key) ?? line);
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const main = document.querySelector("main");
  if (over > 0) say("page", `the page is ${over} px wider than the screen`);
  const open = [...document.querySelectorAll("[role=dialog], [role=menu]")].filter((one) => one.getClientRects().length > 0).at(-1);
  if (main && !open) {
    const style = getComputedStyle(main);
    if (main.scrollWidth > main.clientWidth + 1 && style.overflowX !== "hidden") say("main", `the screen scrolls sideways by ${main.scrollWidth - main.clientWidth} px`);
  }
  const place = (/** @type {Element} */ one) => {
    const classes = [...one.classList].map((name) => name.replace(/^_|_[\w-]{5}(_\d+)?$/g, "")).filter((name) => !/^m_/.test(name));
    return `${one.tagName.toLowerCase()}${classes.length ? `.${classes.slice(0, 2).join(".")}` : ""}`;
  };
  const root = open ?? document.body;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent?.trim() ?? "";
    const owner = node.parentElement;
    if (text === "" || !owner || owner.closest("svg, script, style, [aria-hidden=true], .visually-hidden, [hidden], option, textarea, input")) continue;
    if (!owner.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2) continue;
    const chrome = owner.closest("button, [role=tab], [role=radio], label, h1, h2, h3, th, legend, [role=menuitem], nav a");
    for (let one = /** @type {Element | null} */ (owner); one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.display === "inline" || style.display === "contents") continue;
      const clips = style.overflowX === "hidden" || style.overflowX === "clip";
      const scrolls = style.overflowX === "auto" || style.overflowX === "scroll";
      const rect = one.getBoundingClientRect();
      if (rect.width < 2) break;
      const beyond = Math.max(box.right - rect.right, rect.left - box.left);
      if (scrolls) break;
      if (clips) {
        const cut = beyond > 1.5 || (style.webkitLineClamp !== "none" && one.scrollHeight > one.clientHeight + 3) || (style.textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth + 1 && beyond > 0);
        if (cut) {
          const said = one.closest("[title]") ?? owner.closest("[title]") ?? one.querySelector("[title]");
          const named = one.closest("[aria-label]");
          if (chrome && !(said && one.closest("th, h2 small, [role=columnheader]")) && !one.closest("td, [role=gridcell], [role=rowheader], li")) say(`cut ${place(one)}`, `“${text.slice(0, 60)}” is cut by ${Math.round(beyond)} px in ${place(chrome)} (${place(one)})`);
          else if (!said && !named) say(`untitled ${place(one)}`, `“${text.slice(0, 60)}” is cut by ${Math.round(beyond)} px and has no title in ${place(one)}`);
          break;
        }
        if (beyond <= 1.5) break;
      } else if (beyond > 1.5 && (style.position !== "static" || style.borderStyle !== "none" || style.backgroundColor !== "rgba(0, 0, 0, 0)" || one === owner)) {
        say(`over ${place(one)}`, `“${text.slice(0, 60)}” hangs ${Math.round(beyond)} px over ${place(one)}`);
        break;
      }
    }
  }
  // A text with a key for a name is one that nobody has written.
  for (const leaf of root.querySelectorAll("button, a, h1, h2, label, p, span")) {
    if (leaf.childElementCount === 0 && !/^(opportunity|account|contact|lead|quote|task)\./.test(leaf.textContent ?? "") && /^[a-z]+([A-Z]\w+)?(\.[a-z]\w+)+(?<!\.(csv|xlsx|pdf))$/.test(leaf.textContent ?? "")) say(`key ${leaf.textContent}`, `“${leaf.textContent}” looks like the key of a text`);
  }
  if (touch) {
    for (const one of root.querySelectorAll("button, a[href], input:not([type=hidden]), [role=tab], [role=menuitem], select")) {
      if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || /** @type {HTMLButtonElement} */ (one).disabled) continue;
      const primary = one.matches("main header button, [role=dialog] footer button, [role=menuitem], nav a, nav button, .mantine-Button-root, .mantine-ActionIcon-root, .mantine-CloseButton-root, [role=tab], .mantine-Input-input");
      if (!primary) continue;
      const rect = one.getBoundingClientRect();
      if (rect.width < 2 || one.closest("[aria-hidden=true]")) continue;
      // A finger hits what lies around it too, where the element reaches out unseen.
      const after = getComputedStyle(one, "::after");
      const high = Math.max(rect.height, after.content !== "none" && after.position === "absolute" ? parseFloat(after.height) || 0 : 0);
      if (high < 39.5) say(`small ${place(one)} ${one.className.toString().match(/mantine-(\w+)-root/)?.[1] ?? ""}`, `${(one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40)} is only ${Math.round(high)} px high (${place(one)})`);
    }
  }
  return [...found.values()];
}

/** How many places are remembered: dialogs over dialogs are few. */
const MOST = 30;

/**
 * Gives the focus back to where one was, wherever a screen has lost it: a dialog that is gone, a button that was out of use while it saved, a line
 * that is no more. Whoever works with the keyboard, or hears the screen read, would otherwise begin again at its top. A press of a pointer
 * on nothing lets go of the focus on purpose, and is left alone.
 */
export function keepFocus(): void {
  let places: HTMLElement[] = [];
  let soon = 0;

  const back = () => {
    if (places.length === 0 || (document.activeElement && document.activeElement !== document.body)) return;
    const top = [...document.querySelectorAll("[role=dialog][aria-modal=true]")].filter((one) => one.checkVisibility()).at(-1);
    places = places.filter((one) => one.isConnected);
    const last = places.findLast((one) => one.checkVisibility() && (!top || top.contains(one)));
    // What is out of use for a moment is waited for: it is looked at again when that changes.
    if (last?.matches(":disabled")) return;
    (last ?? top?.querySelector<HTMLElement>("[data-autofocus], button, [tabindex]") ?? document.getElementById("content"))?.focus({ preventScroll: true });
  };
  const look = () => {
    window.clearTimeout(soon);
    // Dialogs that look after it themselves do so within these.
    soon = window.setTimeout(back, 60);
  };

  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target !== document.body) places = [...places.filter((one) => one !== target), target].slice(-MOST);
  });
  document.addEventListener("pointerdown", () => (places = []), true);
  document.addEventListener("focusout", look);
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}

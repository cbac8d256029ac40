/**
 * Of dialogs that lie on one another, Escape closes the one on top. The library's own listeners would each close theirs, and what was typed into
 * the form beneath would be gone with the question that it met.
 */
export function closeTop(): void {
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      const open = [...document.querySelectorAll<HTMLElement>("[role=dialog][aria-modal=true]")].filter((one) => one.checkVisibility());
      const top = open.at(-1);
      if (open.length < 2 || !top) return;
      // Lists and menus within it close before it does.
      const target = event.target instanceof Element ? event.target : null;
      if (target?.getAttribute("data-mantine-stop-propagation") === "true" || target?.closest("[role=menu], [role=listbox], .mantine-Popover-dropdown")) return;
      event.stopImmediatePropagation();
      top.querySelector<HTMLElement>(".mantine-Modal-close, .mantine-Drawer-close")?.click();
    },
    true,
  );
}

// Runs before the first paint so that a reader of the dark scheme never sees a white flash.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem("stagecraft-colour-scheme");
  } catch {
    // Storage may be closed to us; the system's preference then decides.
  }
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();

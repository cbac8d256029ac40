import "@fontsource-variable/inter/wght.css";
import "./mantine";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ready, settingsTexts } from "./i18n";
import { closeTop } from "./shell/closeTop";
import { keepFocus } from "./shell/keepFocus";
import { forgetOldDrafts } from "./ui/useDraft";

forgetOldDrafts();
keepFocus();
closeTop();

await ready;
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// At leisure, so that settings and the palette open at once.
(window.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 2_000)))(() => void Promise.all([settingsTexts(), import("./shell/Palette"), import("./shell/KeyboardHelp")]).catch(() => {}));

import "@fontsource-variable/inter/wght.css";
import "./mantine";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ready, settingsTexts } from "./i18n";
import { forgetOldDrafts } from "./ui/useDraft";

forgetOldDrafts();

await ready;
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// At leisure, so that settings open at once.
(window.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 2_000)))(() => void settingsTexts().catch(() => {}));

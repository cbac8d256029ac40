import "@fontsource-variable/inter/wght.css";
import "./mantine";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";
import "./i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { forgetOldDrafts } from "./ui/useDraft";

forgetOldDrafts();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

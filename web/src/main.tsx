import "@fontsource-variable/inter/wght.css";
import "./mantine";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./i18n";
import { queryClient } from "./queryClient";
import { router } from "./routes";
import { theme } from "./theme";

// The same key as in public/colour-scheme.js, which reads it before the first paint.
const colourScheme = localStorageColorSchemeManager({ key: "stagecraft-colour-scheme" });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colourScheme}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} limit={4} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "./queryClient";
import { router } from "./routes";
import { themeIn } from "./theme";
import { keepToastsInUse } from "./ui/keepToastsInUse";
import { nonce } from "./ui/nonce";

// The same key as in public/colour-scheme.js, which reads it before the first paint.
const colourScheme = localStorageColorSchemeManager({ key: "stagecraft-colour-scheme" });

export function App() {
  const { t } = useTranslation("ui");
  const close = t("close");
  const reveal = t("reveal");
  const theme = useMemo(() => themeIn(close, reveal), [close, reveal]);
  useEffect(keepToastsInUse, []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colourScheme} getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} limit={4} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

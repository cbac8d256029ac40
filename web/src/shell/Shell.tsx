import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { leave } from "~/queryClient";
import { ApprovalTeller } from "~/approvals/ApprovalTeller";
import { DuplicateAsker } from "~/duplicates/DuplicateAsker";
import { useEvents } from "~/events/useEvents";
import { BottomBar } from "./BottomBar";
import { Navigation } from "./Navigation";
import { PlaceTold } from "./PlaceTold";
import classes from "./Shell.module.css";
import { useShellKeys } from "./useShellKeys";

// Opened by a key or a press: nobody waits for them before the first screen.
const Palette = lazy(() => import("./Palette").then((room) => ({ default: room.Palette })));
const KeyboardHelp = lazy(() => import("./KeyboardHelp").then((room) => ({ default: room.KeyboardHelp })));

/** The frame around every screen behind the sign-in. */
export function Shell() {
  const { t } = useTranslation("shell");
  const [narrow, setNarrow] = useLocalStorage({ key: "stagecraft-navigation-narrow", defaultValue: false });
  const [palette, paletteOpen] = useDisclosure();
  const [help, helpOpen] = useDisclosure();
  const [menu, menuOpen] = useDisclosure();
  const main = useRef<HTMLElement>(null);
  const { must_enrol } = useMe();
  // It may come to be asked for while one works.
  useEffect(() => {
    if (must_enrol) leave("/enrol");
  }, [must_enrol]);
  useEvents();
  useShellKeys({ onPalette: paletteOpen.open, onHelp: helpOpen.open });

  return (
    <div className={classes.shell} data-narrow={narrow || undefined}>
      <a
        href="#content"
        className={classes.skip}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("skip")}
      </a>
      <Navigation
        narrow={narrow}
        onNarrow={() => setNarrow(!narrow)}
        onPalette={paletteOpen.open}
        onHelp={helpOpen.open}
        opened={menu}
        onClose={menuOpen.close}
      />
      <main id="content" ref={main} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <BottomBar onPalette={paletteOpen.open} onMenu={menuOpen.open} />
      <PlaceTold />
      <Suspense>
        {palette && <Palette opened onClose={paletteOpen.close} />}
        {help && <KeyboardHelp opened onClose={helpOpen.close} />}
      </Suspense>
      <DuplicateAsker />
      <ApprovalTeller />
    </div>
  );
}

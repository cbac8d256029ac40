import { ActionIcon, Drawer, Kbd, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconKeyboard, IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { usePools } from "~/api/pools";
import { useUnread } from "~/api/notifications";
import { useMe, useObjects } from "~/api/queries";
import { useWaiting } from "~/api/todo";
import { mayCheck } from "~/duplicates/mayCheck";
import { useLabel } from "~/i18n";
import { Bell, countShown } from "~/notices/Bell";
import { AccountMenu } from "./AccountMenu";
import { Mark } from "./Mark";
import classes from "./Navigation.module.css";
import { ANALYSIS, APPROVALS, administrationOf, BOARD, DUPLICATES, HOME, iconOf, navigableObjects, NOTIFICATIONS, POOLS, TODO } from "./places";

type Props = { narrow: boolean; onNarrow: () => void; onPalette: () => void; onHelp: () => void; opened: boolean; onClose: () => void };

export const PALETTE_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ K" : "Ctrl K";

/** The column of places at the left; on a phone the same places in a drawer. */
export function Navigation(props: Props) {
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const { t } = useTranslation("shell");
  if (phone) {
    return (
      <Drawer opened={props.opened} onClose={props.onClose} position="left" size={270} padding={0} withCloseButton={false} title={null} attributes={{ content: { "aria-label": t("menu") } }}>
        <div className={classes.navigation} onClickCapture={(event) => (event.target as HTMLElement).closest("a") && props.onClose()}>
          <Places {...props} narrow={false} />
        </div>
      </Drawer>
    );
  }
  return (
    <div className={classes.navigation} data-narrow={props.narrow || undefined}>
      <Places {...props} />
    </div>
  );
}

function Places({ narrow, onNarrow, onPalette, onHelp, opened, onClose }: Props) {
  const { t } = useTranslation("shell");
  const label = useLabel();
  const me = useMe();
  const objects = navigableObjects(useObjects());
  const administration = administrationOf(me);
  const fold = opened ? undefined : onNarrow;
  const waiting = useWaiting();
  const unread = useUnread();
  // Whoever is in no pool has nothing to look for there.
  const inPools = (usePools().data?.items.length ?? 0) > 0;

  return (
    <>
      <div className={classes.head}>
        <Link to="/" className={classes.brand} aria-label="Stagecraft">
          <Mark size={24} />
          {!narrow && <span>Stagecraft</span>}
        </Link>
        {!opened && <Bell />}
        {fold && !narrow && (
          <ActionIcon onClick={fold} aria-label={t("collapse")} size={26}>
            <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
          </ActionIcon>
        )}
      </div>

      <Tooltip label={`${t("find")} (${PALETTE_KEYS})`} position="right" disabled={!narrow}>
        <button
          type="button"
          className={classes.find}
          aria-label={narrow ? t("find") : undefined}
          onClick={() => {
            onClose();
            onPalette();
          }}
        >
          <IconSearch size={16} stroke={1.7} />
          {!narrow && (
            <>
              <span className={classes.findText}>{t("find")}</span>
              <Kbd size="xs">{PALETTE_KEYS}</Kbd>
            </>
          )}
        </button>
      </Tooltip>

      <nav className={classes.places} aria-label={t("navigation")}>
        <PlaceLink to={HOME.to} icon={HOME.icon} text={t("home")} narrow={narrow} exact />
        <PlaceLink to={TODO.to} icon={TODO.icon} text={t("todo")} narrow={narrow} count={waiting} exact />
        <PlaceLink to={APPROVALS.to} icon={APPROVALS.icon} text={t("approvals")} narrow={narrow} />
        {objects.some((object) => object.key === "opportunity") && <PlaceLink to={ANALYSIS.to} icon={ANALYSIS.icon} text={t("analysis")} narrow={narrow} />}
        {opened && <PlaceLink to={NOTIFICATIONS.to} icon={NOTIFICATIONS.icon} text={t("notifications")} narrow={narrow} count={unread} exact />}
        {objects.map((object) => (
          <div key={object.key} className={classes.pair}>
            <PlaceLink to={`/o/${object.key}`} icon={iconOf(object)} text={label(object.plural)} narrow={narrow} exact={object.key === "opportunity"} />
            {object.key === "opportunity" && <PlaceLink to={BOARD.to} icon={BOARD.icon} text={t("board")} narrow={narrow} exact />}
          </div>
        ))}
        {mayCheck(me) && <PlaceLink to={DUPLICATES.to} icon={DUPLICATES.icon} text={t("duplicates")} narrow={narrow} exact />}
        {inPools && <PlaceLink to={POOLS.to} icon={POOLS.icon} text={t("pools")} narrow={narrow} />}
        {administration.length > 0 && (
          <>
            {narrow ? <hr className={classes.rule} /> : <p className={classes.group}>{t("administration")}</p>}
            {administration.map((place) => (
              <PlaceLink key={place.key} to={place.to} icon={place.icon} text={t(place.key)} narrow={narrow} />
            ))}
          </>
        )}
      </nav>

      <div className={classes.foot}>
        {fold && narrow && (
          <Tooltip label={t("expand")} position="right">
            <ActionIcon onClick={fold} aria-label={t("expand")}>
              <IconLayoutSidebarLeftExpand size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
        <AccountMenu narrow={narrow} />
        {!narrow && (
          <Tooltip label={`${t("keys")} (?)`}>
            <ActionIcon onClick={onHelp} aria-label={t("keys")} visibleFrom="sm">
              <IconKeyboard size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </>
  );
}

type PlaceLinkProps = { to: string; icon: ComponentType<{ size?: number | string; stroke?: number | string }>; text: string; narrow: boolean; exact?: boolean; count?: number };

function PlaceLink({ to, icon: Icon, text, narrow, exact, count = 0 }: PlaceLinkProps) {
  const { t } = useTranslation("shell");
  const counted = count > 0 ? t("waiting", { count }) : undefined;
  return (
    <Tooltip label={text} position="right" disabled={!narrow}>
      <Link to={to} className={classes.place} activeOptions={{ exact: exact ?? false, includeSearch: false }} activeProps={{ "data-active": true, "aria-current": "page" }} aria-label={narrow ? [text, counted].filter(Boolean).join(", ") : undefined}>
        <Icon size={18} stroke={1.6} />
        {!narrow && <span>{text}</span>}
        {counted && (
          <span className={classes.waiting}>
            <span aria-hidden>{countShown(count)}</span>
            {!narrow && <span className="visually-hidden">, {counted}</span>}
          </span>
        )}
      </Link>
    </Tooltip>
  );
}

import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconListSearch, IconPlus, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useMemo, useRef, useState, type ComponentType, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import { searchQuery, useRecent, type FoundPage, type Recent } from "~/api/search";
import type { Label, ObjectDef } from "~/api/types";
import { ANALYSES } from "~/analyses/analyses";
import { useLabel } from "~/i18n";
import classes from "./Palette.module.css";
import { byObject } from "./foundByObject";
import { administrationOf, ANALYSIS, BOARD, HOLDINGS, HOME, iconOf, navigableObjects, NOTIFICATIONS, POOLS, TODO } from "./places";

/** So many of the records opened lately are offered before anything is typed. */
const RECENT = 8;

type Entry = { id: string; group: string; text: string; detail?: string | null; icon: ComponentType<{ size?: number | string; stroke?: number | string }>; go: () => void };

/** One field for everything: finds records, goes to screens, begins new records. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} withCloseButton={false} padding={0} size={600} yOffset="12vh" attributes={{ content: { "aria-label": useTranslation("shell").t("find") } }} transitionProps={{ duration: 80 }}>
      <Finder onClose={onClose} />
    </Modal>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shell");
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const [q] = useDebouncedValue(typed.trim(), 120);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();

  const hits = useQuery({ ...searchQuery(q), placeholderData: keepPreviousData });
  const recent = useRecent();
  const entries = useEntries(typed.trim(), q ? hits.data : undefined, recent);
  const at = Math.min(chosen, Math.max(entries.length - 1, 0));

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.go();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) setChosen((at + step + entries.length) % Math.max(entries.length, 1));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };

  return (
    <div>
      <div className={classes.field}>
        <IconSearch size={18} stroke={1.7} />
        <input
          className={classes.input}
          data-autofocus
          value={typed}
          placeholder={t("findHint")}
          aria-label={t("find")}
          role="combobox"
          aria-expanded={entries.length > 0}
          aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${entries[at].id}` : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      {entries.length === 0 && <p className={classes.nothing}>{hits.isFetching ? t("loading", { ns: "ui" }) : t("paletteNothing", { q: typed })}</p>}
      <div className={classes.list} id={listId} role="listbox" aria-label={t("find")} ref={list} hidden={entries.length === 0}>
        {groupsOf(entries).map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <p className={classes.group} aria-hidden>
              {group.name}
            </p>
            {group.entries.map(({ entry, index }) => (
              <div
                key={entry.id}
                id={`${listId}-${entry.id}`}
                role="option"
                aria-selected={index === at}
                className={classes.entry}
                onPointerMove={() => setChosen(index)}
                onClick={() => run(entry)}
              >
                <entry.icon size={17} stroke={1.6} />
                <span className={classes.text}>{entry.text}</span>
                {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function groupsOf(entries: Entry[]): { name: string; entries: { entry: Entry; index: number }[] }[] {
  const groups: { name: string; entries: { entry: Entry; index: number }[] }[] = [];
  entries.forEach((entry, index) => {
    if (groups.at(-1)?.name !== entry.group) groups.push({ name: entry.group, entries: [] });
    groups.at(-1)?.entries.push({ entry, index });
  });
  return groups;
}

/** The field in which the words were found, where it is not the name that stands there anyway. */
function matchedIn(object: ObjectDef | undefined, key: string | null | undefined, label: (text: Label | undefined) => string): string | undefined {
  return key && key !== object?.name_field ? label(object?.fields.find((field) => field.key === key)?.label) : undefined;
}

function useEntries(typed: string, found: FoundPage | undefined, recent: Recent[]): Entry[] {
  const { t } = useTranslation("shell");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();

  return useMemo(() => {
    const matches = (text: string) => !typed || text.toLowerCase().includes(typed.toLowerCase());
    const objectOf = (key: string) => objects.find((object) => object.key === key);
    const open = (object: string, id: string) => () => void navigate({ to: "/o/$object/$id", params: { object, id } });
    const records = byObject(found).flatMap(({ object: key, hits, more }): Entry[] => {
      const group = label(objectOf(key)?.plural) || key;
      const entries = hits.map((hit): Entry => ({ id: `record-${hit.id}`, group, text: hit.name, detail: [matchedIn(objectOf(key), hit.matched, label), hit.detail].filter(Boolean).join(" · "), icon: iconOf(objectOf(key) ?? key), go: open(key, hit.id) }));
      if (more) entries.push({ id: `more-${key}`, group, text: t("paletteMore", { objects: group }), icon: IconListSearch, go: () => void navigate({ to: "/o/$object", params: { object: key }, search: { q: typed } }) });
      return entries;
    });
    const opened = typed ? [] : recent.slice(0, RECENT).map((it): Entry => ({ id: `recent-${it.id}`, group: t("paletteRecent"), text: it.name, detail: label(objectOf(it.object)?.label), icon: iconOf(it.object), go: open(it.object, it.id) }));
    const places = [HOME, TODO, NOTIFICATIONS, BOARD, HOLDINGS, POOLS, ...administrationOf(me)].map((place): Entry => ({ id: `go-${place.key}`, group: t("paletteGo"), text: t(place.whole ?? place.key), icon: place.icon, go: () => void navigate({ to: place.to }) }));
    const seesDeals = objects.some((object) => object.key === "opportunity");
    const analyses = !seesDeals ? [] : [
      { id: "go-analysis", text: t("analysis"), icon: ANALYSIS.icon, to: ANALYSIS.to },
      ...ANALYSES.map(({ key, icon, to }) => ({ id: `go-analysis-${key}`, text: `${t("analysis")}: ${t(`${key}.name`, { ns: "analyses" })}`, icon, to })),
    ].map(({ to, ...place }): Entry => ({ ...place, group: t("paletteGo"), go: () => void navigate({ to }) }));
    const tables = navigableObjects(objects).map(
      (object): Entry => ({ id: `table-${object.key}`, group: t("paletteGo"), text: label(object.plural), icon: iconOf(object), go: () => void navigate({ to: "/o/$object", params: { object: object.key } }) }),
    );
    const creations = navigableObjects(objects)
      .filter((object) => object.acts.includes("create"))
      .map(
        (object): Entry => ({
          id: `create-${object.key}`,
          group: t("paletteCreate"),
          text: t("createOne", { object: label(object.label) }),
          icon: IconPlus,
          go: () => void navigate({ to: "/o/$object", params: { object: object.key }, search: { create: true } }),
        }),
      );
    const [home, ...others] = places;
    return [...records, ...opened, ...[...(home ? [home] : []), ...tables, ...others, ...analyses].filter((entry) => matches(entry.text)), ...creations.filter((entry) => matches(entry.text))];
  }, [typed, found, recent, t, label, me, objects, navigate]);
}

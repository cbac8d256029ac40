import { MultiSelect, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconLayoutList, IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Condition, Field, ObjectDef, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { isTyping } from "~/shell/useShellKeys";
import { ConditionFilter } from "./ConditionFilter";
import classes from "./FilterBar.module.css";
import { quickFiltersOf } from "./layouts";
import { groupFields, type ListView } from "./listView";

const TYPING = 220;

type Props = {
  object: ObjectDef;
  view: ListView;
  /** The condition that holds now, be it of the view or put over it. */
  filter: Condition | undefined;
  /** What the server has found wrong with it. */
  findings?: Violation[];
  group: Field | undefined;
  /** Whether one may group here. */
  grouped: boolean;
  onChange: (change: Partial<ListView>) => void;
  /** The way to the views, and what to do with changes over one. */
  views: ReactNode;
};

/** The view, and what narrows and groups it: words, whose, quick choices, conditions on any field. */
export function FilterBar({ object, view, filter, findings, group, grouped, onChange, views }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const [typed, setTyped] = useState(view.q ?? "");
  const sent = useRef(view.q);
  const input = useRef<HTMLInputElement>(null);
  const search = useDebouncedCallback((q: string) => {
    sent.current = q.trim() || undefined;
    onChange({ q: sent.current });
  }, TYPING);
  // Going back changes the address; the echo of one's own typing must not overwrite what has been typed since.
  useEffect(() => {
    if (view.q === sent.current) return;
    sent.current = view.q;
    setTyped(view.q ?? "");
  }, [view.q]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.metaKey || event.ctrlKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className={classes.bar}>
      {views}
      <TextInput
        ref={input}
        className={classes.words}
        type="search"
        aria-label={t("find")}
        placeholder={t("find")}
        leftSection={<IconSearch size={15} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {object.owned && (
        <SegmentedControl
          aria-label={t("whose")}
          size="sm"
          value={view.mine ? "mine" : "all"}
          onChange={(who) => onChange({ mine: who === "mine" || undefined })}
          data={[
            { value: "all", label: t("all") },
            { value: "mine", label: t("mine") },
          ]}
        />
      )}
      {quickFiltersOf(object).map((field) => {
        const chosen = view.quick?.[field.key] ?? [];
        return (
          <MultiSelect
            key={field.key}
            className={classes.quick}
            aria-label={label(field.label)}
            placeholder={chosen.length ? undefined : label(field.label)}
            data={(field.options ?? []).map((option) => ({ value: option.key, label: label(option.label) }))}
            value={chosen}
            clearable
            onChange={(keys) => onChange({ quick: keys.length ? { ...view.quick, [field.key]: keys } : without(view.quick, field.key) })}
          />
        );
      })}
      <ConditionFilter object={object} value={filter} findings={findings} onChange={(next) => onChange({ filter: next })} />
      {grouped && (
        <Select
          className={classes.group}
          aria-label={t("group", { ns: "views" })}
          placeholder={t("group", { ns: "views" })}
          leftSection={<IconLayoutList size={16} stroke={1.7} />}
          data={groupFields(object).map((field) => ({ value: field.key, label: label(field.label) }))}
          value={group?.key ?? null}
          clearable
          clearSectionMode="clear"
          searchable
          comboboxProps={{ width: 220, position: "bottom-start" }}
          maxDropdownHeight={340}
          onChange={(key) => onChange({ group: key ?? undefined })}
        />
      )}
    </div>
  );
}

function without(quick: ListView["quick"], key: string): ListView["quick"] {
  const rest = Object.fromEntries(Object.entries(quick ?? {}).filter(([field]) => field !== key));
  return Object.keys(rest).length > 0 ? rest : undefined;
}

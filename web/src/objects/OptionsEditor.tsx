import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Input, Menu, Switch, TextInput } from "@mantine/core";
import { IconGripVertical, IconPlus, IconX } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Option, Violation } from "~/api/types";
import { colourOf } from "~/fields/OptionBadge";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { useSortWords } from "~/processes/sortWords";
import type { OptionRow } from "./fieldDraft";
import { noLabel } from "./keys";
import classes from "./objects.module.css";

const COLOURS = ["blue", "teal", "green", "yellow", "orange", "red", "pink", "violet", "gray"] as const;

type Props = { rows: OptionRow[]; violations: Violation[]; error?: string; onChange: (rows: OptionRow[]) => void };

// The server points at the place in the list (`options.3`) or names the option's key.
function findingsAt(row: OptionRow, index: number, violations: Violation[]): string | undefined {
  const found = violations.filter((it) => {
    const place = /options[./[]+(\d+)/.exec(it.path ?? "")?.[1];
    return place !== undefined ? Number(place) === index : Boolean(row.option.key) && (it.params?.["option"] === row.option.key || it.params?.["key"] === row.option.key);
  });
  return found.length > 0 ? found.map((it) => it.message).join(" ") : undefined;
}

/** What can be chosen, in its order: words in two languages, a colour, and whether it is still offered. */
export function OptionsEditor({ rows, violations, error, onChange }: Props) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  const nameOf = useCallback((id: string) => labelIn(rows.find((row) => row.id === id)?.option.label, language) || t("newOption"), [rows, language, t]);
  const plugins = useSortWords(nameOf, "objects");
  const add = () => onChange([...rows, { id: `new-${crypto.getRandomValues(new Uint32Array(1))[0]}`, added: true, option: { key: "", label: noLabel, active: true } }]);
  const words = rows.map((row) => labelIn(row.option.label, language).trim().toLowerCase());
  const placed = rows.map((row, index) => findingsAt(row, index, violations));
  const twice = (index: number) => (words[index] && words.indexOf(words[index]) < index ? t("optionTwice") : undefined);

  return (
    <Input.Wrapper label={t("options")} labelElement="div" error={placed.some(Boolean) ? undefined : error}>
      <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && onChange(move(rows, event))}>
        <ol className={classes.options} aria-label={t("options")}>
          {rows.map((row, index) => (
            <Row
              key={row.id}
              row={row}
              index={index}
              error={placed[index] ?? twice(index)}
              onChange={(option) => onChange(rows.map((it) => (it.id === row.id ? { ...it, option } : it)))}
              onRemove={() => onChange(rows.filter((it) => it.id !== row.id))}
              onEnter={add}
            />
          ))}
        </ol>
      </DragDropProvider>
      {rows.length === 0 && <p className={classes.fine}>{t("noOptions")}</p>}
      <Button variant="subtle" size="compact-sm" mt={6} ml={-8} leftSection={<IconPlus size={14} />} onClick={add}>
        {t("addOption")}
      </Button>
    </Input.Wrapper>
  );
}

function Row({ row, index, error, onChange, onRemove, onEnter }: { row: OptionRow; index: number; error?: string; onChange: (option: Option) => void; onRemove: () => void; onEnter: () => void }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const { ref, handleRef, isDragSource } = useSortable({ id: row.id, index });
  const { option } = row;
  const name = label(option.label) || t("newOption");
  const set = (change: Partial<Option>) => onChange({ ...option, ...change });
  return (
    <li ref={ref} className={classes.option} data-dragging={isDragSource || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveField", { field: name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <Menu position="bottom-start">
        <Menu.Target>
          <ActionIcon aria-label={t("optionColour", { name })}>
            <span className={classes.swatch} style={{ background: colourOf(option) }} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<span className={classes.swatch} />} onClick={() => set({ colour: null })}>
            {t("colours.none")}
          </Menu.Item>
          {COLOURS.map((colour) => (
            <Menu.Item key={colour} leftSection={<span className={classes.swatch} style={{ background: colourOf({ colour }) }} />} onClick={() => set({ colour })}>
              {t(`colours.${colour}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <TextInput
        aria-label={t("optionName")}
        placeholder={t("optionName")}
        autoFocus={row.added && !option.label.en && !option.label["zh-CN"]}
        value={option.label.en}
        error={error}
        onChange={(event) => set({ label: { ...option.label, en: event.currentTarget.value } })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onEnter();
        }}
      />
      <TextInput
        aria-label={t("optionNameZh")}
        placeholder={option.label.en || t("optionNameZh")}
        lang="zh-CN"
        value={option.label["zh-CN"]}
        onChange={(event) => set({ label: { ...option.label, "zh-CN": event.currentTarget.value } })}
      />
      <Switch data-switch mt={7} size="sm" aria-label={`${t("optionActive")}: ${name}`} checked={option.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
      <ActionIcon aria-label={t("removeOption", { name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </li>
  );
}

import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Checkbox, ScrollArea, TextInput } from "@mantine/core";
import { IconGripVertical, IconSearch } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef } from "~/api/types";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { useSortWords } from "~/processes/sortWords";
import classes from "./ColumnList.module.css";

type Props = { object: ObjectDef; columns: Field[]; onChoose: (keys: string[]) => void; onReset: () => void };

/** The chosen columns in their order, to be dragged by pointer or keyboard, and below them all other fields. */
export function ColumnList({ object, columns, onChoose, onReset }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const [typed, setTyped] = useState("");
  const [moving, setMoving] = useState<string[]>();
  const chosen = moving ?? columns.map((column) => column.key);
  const fieldOf = (key: string) => object.fields.find((field) => field.key === key);
  const words = typed.trim().toLowerCase();
  const fits = (field: Field | undefined) => field !== undefined && label(field.label).toLowerCase().includes(words);
  const others = object.fields.filter((field) => field.key !== object.name_field && !chosen.includes(field.key) && fits(field)).sort((a, b) => label(a.label).localeCompare(label(b.label), language));
  const nameOf = useCallback((key: string) => labelIn(object.fields.find((field) => field.key === key)?.label, language), [object, language]);
  const plugins = useSortWords(nameOf);
  // With the focus on a handle, Alt and an arrow move the column at once; Space picks it up.
  const shift = (key: string, step: number) => {
    const at = chosen.indexOf(key);
    const to = at + step;
    if (to < 0 || to >= chosen.length) return;
    const next = chosen.filter((it) => it !== key);
    next.splice(to, 0, key);
    onChoose(next);
  };

  return (
    <>
      <TextInput size="xs" mb={8} leftSection={<IconSearch size={14} />} value={typed} placeholder={t("findColumn")} aria-label={t("findColumn")} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
      <ScrollArea.Autosize mah={420} offsetScrollbars viewportProps={{ tabIndex: -1 }}>
        <DragDropProvider
          plugins={plugins}
          onDragOver={(event) => setMoving((now) => move(now ?? chosen, event))}
          onDragEnd={(event) => {
            if (moving && !event.canceled) onChoose(moving);
            setMoving(undefined);
          }}
        >
          <ol className={classes.list} aria-label={t("columnsChosen")}>
            {chosen.map((key, index) => {
              const field = fieldOf(key);
              if (!field || !fits(field)) return null;
              return <Chosen key={key} field={field} index={index} fixed={words !== ""} onShift={(step) => shift(key, step)} onRemove={() => onChoose(chosen.filter((it) => it !== key))} last={chosen.length === 1} />;
            })}
          </ol>
        </DragDropProvider>
        {others.length > 0 && (
          <ul className={classes.list} data-others aria-label={t("columnsOthers")}>
            {others.map((field) => (
              <li key={field.key} className={classes.item}>
                <Checkbox size="xs" label={label(field.label)} checked={false} onChange={() => onChoose([...chosen, field.key])} />
              </li>
            ))}
          </ul>
        )}
      </ScrollArea.Autosize>
      <Button variant="subtle" size="compact-sm" mt="sm" onClick={onReset}>
        {t("columnsReset")}
      </Button>
    </>
  );
}

function Chosen({ field, index, fixed, last, onShift, onRemove }: { field: Field; index: number; fixed: boolean; last: boolean; onShift: (step: number) => void; onRemove: () => void }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const name = label(field.label);
  const { ref, handleRef, isDragSource } = useSortable({ id: field.key, index, disabled: fixed });
  return (
    <li ref={ref} className={classes.item} data-dragging={isDragSource || undefined}>
      <Checkbox size="xs" label={name} checked disabled={last} onChange={onRemove} className={classes.choice} />
      <ActionIcon
        ref={handleRef}
        size="sm"
        disabled={fixed}
        aria-label={t("columnMove", { field: name })}
        title={t("columnMoveHint")}
        className={classes.handle}
        onKeyDown={(event) => {
          if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
          event.preventDefault();
          event.stopPropagation();
          onShift(event.key === "ArrowUp" ? -1 : 1);
        }}
      >
        <IconGripVertical size={15} />
      </ActionIcon>
    </li>
  );
}

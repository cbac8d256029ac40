import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { findingsOfError, isConflict } from "~/api/problem";
import { useUpdateRecord } from "~/api/queries";
import type { Field, ObjectDef, Rec, Value } from "~/api/types";
import { sameValue } from "~/fields/draft";
import { FieldEdit } from "~/fields/FieldEdit";
import { useLabel } from "~/i18n";
import classes from "./RecordTable.module.css";

/** Where the hand goes on after a cell has been left. */
export type Leave = "stay" | "next" | "previous" | "away";

type Props = {
  object: ObjectDef;
  /** The record as it was when editing began: live news must not slip a newer version under what is being typed. */
  base: Rec;
  field: Field;
  onLeave: (how: Leave) => void;
  onConflict: (draft: Record<string, Value>, present: Rec) => void;
};

/** A cell in the making: Enter and Tab keep the change, so does a click elsewhere; Escape gives it up. */
export function CellEditor({ object, base, field, onLeave, onConflict }: Props) {
  const label = useLabel();
  const [value, setValue] = useState<Value>(base.fields[field.key]);
  const root = useRef<HTMLDivElement>(null);
  const save = useUpdateRecord(object.key, base.id);

  const keep = (how: Leave) => {
    if (save.isPending) return;
    if (sameValue(value, base.fields[field.key])) return onLeave(how);
    save.mutate(
      { version: base.version, fields: { [field.key]: value ?? null } },
      {
        onSuccess: () => onLeave(how),
        onError: (error) => {
          if (isConflict(error) && error.record) onConflict({ [field.key]: value }, error.record);
        },
      },
    );
  };
  const onKey = (event: KeyboardEvent) => {
    // The keys of the table mean nothing while one types.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    // In a list that is open, Enter and Escape are the list's.
    const listed = (event.target as HTMLElement).getAttribute("aria-expanded") === "true";
    const choosing = listed && document.querySelector("[data-combobox-selected]") !== null;
    if (event.key === "Escape" && !listed) onLeave("stay");
    else if (event.key === "Enter" && !choosing && (field.type !== "long_text" || event.ctrlKey || event.metaKey)) keep("stay");
    else if (event.key === "Tab" && (field.type !== "currency" || leavesPair(event))) keep(event.shiftKey ? "previous" : "next");
    else return;
    event.preventDefault();
  };

  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  });
  useEffect(() => {
    root.current?.querySelector<HTMLElement>("input, textarea, button")?.focus();
    const input = root.current?.querySelector<HTMLInputElement>("input:not([type=checkbox]), textarea");
    if (input && input.type !== "date" && input.type !== "datetime-local") input.select();
    const onPress = (event: PointerEvent) => {
      const target = event.target as Element;
      // Lists that belong to the input open at the end of the page.
      if (root.current?.contains(target) || target.closest("[data-portal], [role=listbox], .mantine-Popover-dropdown")) return;
      latest.current("away");
    };
    document.addEventListener("pointerdown", onPress, true);
    return () => document.removeEventListener("pointerdown", onPress, true);
  }, []);

  const findings = isConflict(save.error) ? undefined : findingsOfError(save.error, [field.key]);
  const error = findings && [...(findings.byField[field.key] ?? []), ...findings.general].join(" ");
  return (
    <div ref={root} className={classes.editor} onKeyDown={onKey} onDoubleClick={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()} aria-busy={save.isPending || undefined}>
      <FieldEdit field={field} value={value} refs={base.refs} onChange={setValue} aria-label={label(field.label)} description={null} error={error || undefined} autoFocus />
    </div>
  );
}

/** An amount has its currency beside it: Tab goes there first. */
function leavesPair(event: KeyboardEvent): boolean {
  const inputs = [...event.currentTarget.querySelectorAll<HTMLInputElement>("input:not([type=hidden]):not(:disabled)")];
  return event.target === (event.shiftKey ? inputs[0] : inputs.at(-1));
}

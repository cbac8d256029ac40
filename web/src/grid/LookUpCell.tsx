import { Portal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { GridActs } from "./acts";
import { CellError } from "./CellError";
import { choicesQuery } from "./choices";
import type { Choice, Column } from "./columns";
import classes from "./grid.module.css";
import { valueOf, type GridRow } from "./rows";

type Props = { column: Column; row: GridRow; name: string; error?: string; readOnly?: boolean; autoFocus?: boolean; acts: GridActs };

const WIDEST = 420;

/** A cell in which a record is found by typing part of its name. Enter or Tab takes the one that is marked. */
export function LookUpCell({ column, row, name, error, readOnly, autoFocus, acts }: Props) {
  const { t } = useTranslation("fields");
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { field } = column;
  const nameField = useObject(field.object ?? "")?.name_field ?? "name";
  const value = valueOf(row, field.key);
  const chosen = value ? (row.refs?.[String(value)]?.name ?? "…") : "";
  const unread = row.unread[field.key];
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const [q] = useDebouncedValue(typed === undefined || typed === chosen ? "" : typed.trim(), 140);
  const found = useQuery({ ...choicesQuery(field.object ?? "", nameField, q, column.offers), placeholderData: keepPreviousData, enabled: open });
  const choices = open ? (found.data ?? []) : [];
  const waiting = found.isPending || found.isPlaceholderData || (typed !== undefined && typed !== chosen && typed.trim() !== q);
  const at = Math.min(marked, choices.length - 1);

  const close = () => {
    setOpen(false);
    setTyped(undefined);
  };
  const choose = (choice: Choice | undefined) => {
    acts.choose(row.key, column, choice);
    close();
    requestAnimationFrame(() => input.current?.select());
  };
  // What was typed and not chosen is kept to be put right, not lost.
  const leave = () => {
    if (typed !== undefined && typed !== chosen) {
      const text = typed.trim();
      const same = waiting ? undefined : choices.find((choice) => choice.name.toLowerCase() === text.toLowerCase());
      if (text === "") {
        if (value || unread) acts.choose(row.key, column, undefined);
      } else if (same) acts.choose(row.key, column, same);
      else if (text !== unread) acts.write(row.key, { fields: { [field.key]: null }, unread: { [field.key]: text } });
    }
    close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (!open) {
      if (event.key === "ArrowDown" && event.altKey) {
        setOpen(true);
        event.preventDefault();
        event.stopPropagation();
      }
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setMarked(Math.max(0, Math.min(at + step, choices.length - 1)));
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") {
      const choice = choices[at];
      const cleared = typed !== undefined && typed.trim() === "";
      if (cleared && event.key === "Tab") return;
      if (cleared) choose(undefined);
      else if (choice && !waiting) choose(choice);
      else if (event.key === "Tab") return;
      // Tab goes on to the next cell.
      if (event.key === "Tab") return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <input
        ref={input}
        className={classes.input}
        type="text"
        role="combobox"
        aria-label={name}
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && choices[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error !== undefined ? `${id}-error` : undefined}
        autoComplete="off"
        autoFocus={autoFocus}
        readOnly={readOnly}
        disabled={row.removed}
        placeholder={readOnly ? undefined : t("chooseRecord")}
        value={typed ?? unread ?? chosen}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => !readOnly && setOpen(true)}
        onBlur={leave}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setMarked(0);
          setOpen(true);
        }}
        onKeyDown={readOnly ? undefined : onKey}
      />
      {open && (
        <Portal>
          <ChoiceList id={id} anchor={input.current} choices={choices} marked={at} empty={t(waiting ? "searching" : "nothingFound")} onChoose={choose} onAway={close} />
        </Portal>
      )}
      {error !== undefined && <CellError id={`${id}-error`}>{error}</CellError>}
    </>
  );
}

type ListProps = { id: string; anchor: HTMLElement | null; choices: Choice[]; marked: number; empty: string; onChoose: (choice: Choice) => void; onAway: () => void };

function ChoiceList({ id, anchor, choices, marked, empty, onChoose, onAway }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    if (!anchor || !list.current) return;
    const place = anchor.getBoundingClientRect();
    const below = innerHeight - place.bottom;
    const style = list.current.style;
    style.left = `${Math.max(8, Math.min(place.left, innerWidth - WIDEST - 8))}px`;
    style.minWidth = `${place.width}px`;
    const up = below < 240 && place.top > below;
    style.top = up ? "" : `${place.bottom + 2}px`;
    style.bottom = up ? `${innerHeight - place.top + 2}px` : "";
  });
  // It hangs on its cell: when that moves away, it goes.
  useEffect(() => {
    const onScroll = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) onAway();
    };
    addEventListener("scroll", onScroll, true);
    return () => removeEventListener("scroll", onScroll, true);
  }, [onAway]);
  useEffect(() => {
    list.current?.children[marked]?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  return (
    <ul ref={list} id={`${id}-list`} role="listbox" className={classes.choices} onMouseDown={(event) => event.preventDefault()}>
      {choices.map((choice, index) => (
        <li key={choice.id} id={`${id}-${index}`} role="option" aria-selected={index === marked} onClick={() => onChoose(choice)}>
          <span>{choice.name}</span>
          {choice.detail && <small>{choice.detail}</small>}
        </li>
      ))}
      {choices.length === 0 && <li aria-disabled="true" role="option" aria-selected="false">{empty}</li>}
    </ul>
  );
}

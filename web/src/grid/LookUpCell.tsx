import { Portal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { GridActs } from "./acts";
import { CellError } from "./CellError";
import { choicesQuery, lookUpAll } from "./choices";
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
  const target = useObject(field.object ?? "");
  const nameField = target?.name_field ?? "name";
  const value = valueOf(row, field.key);
  const chosen = value ? (row.refs?.[String(value)]?.name ?? "…") : "";
  const unread = row.unread[field.key];
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  // Enter was quicker than the answer: the first one that comes is taken.
  const [eager, setEager] = useState(false);
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
  // What was typed and not chosen is looked up by its name or code; what is not found is kept to be put right, not lost.
  const leave = () => {
    const text = typed?.trim();
    close();
    setEager(false);
    if (text === undefined || text === (unread ?? chosen)) return;
    if (text === "") {
      if (value || unread) acts.choose(row.key, column, undefined);
      return;
    }
    acts.write(row.key, { fields: { [field.key]: null }, unread: { [field.key]: text } });
    if (!target) return;
    void lookUpAll(target, [text], column.offers).then(
      (found) => found.get(text.toLowerCase()) && acts.choose(row.key, column, found.get(text.toLowerCase())),
      () => undefined,
    );
  };
  useEffect(() => {
    if (!eager || waiting) return;
    setEager(false);
    if (choices[0]) choose(choices[0]);
    // What has arrived is what decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [eager, waiting]);
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
      else setEager(true);
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
          <ChoiceList id={id} anchor={input.current} choices={choices} marked={at} empty={t(waiting ? "searching" : "nothingFound")} onChoose={choose} />
        </Portal>
      )}
      {error !== undefined && <CellError id={`${id}-error`}>{error}</CellError>}
    </>
  );
}

const HIGHEST = 300;

/** Below its cell, or above where there is more room. */
function place(anchor: HTMLElement | null, list: HTMLElement | null) {
  if (!anchor || !list) return;
  const cell = anchor.getBoundingClientRect();
  const below = innerHeight - cell.bottom - 8;
  const up = below < 200 && cell.top > below;
  list.style.left = `${Math.max(8, Math.min(cell.left, innerWidth - WIDEST - 8))}px`;
  list.style.minWidth = `${cell.width}px`;
  list.style.top = up ? "" : `${cell.bottom + 2}px`;
  list.style.bottom = up ? `${innerHeight - cell.top + 2}px` : "";
  list.style.maxHeight = `${Math.min(HIGHEST, up ? cell.top - 8 : below)}px`;
}

type ListProps = { id: string; anchor: HTMLElement | null; choices: Choice[]; marked: number; empty: string; onChoose: (choice: Choice) => void };

function ChoiceList({ id, anchor, choices, marked, empty, onChoose }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => place(anchor, list.current));
  // It hangs on its cell, and moves with it.
  useEffect(() => {
    const onScroll = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) place(anchor, list.current);
    };
    addEventListener("scroll", onScroll, true);
    return () => removeEventListener("scroll", onScroll, true);
  }, [anchor]);
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

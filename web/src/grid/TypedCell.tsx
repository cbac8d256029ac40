import { useId, useLayoutEffect, useRef, useState } from "react";
import type { Field } from "~/api/types";
import { useLanguage } from "~/i18n";
import type { GridActs } from "./acts";
import { meantBy, shownText, textOf, writtenBy } from "./cellText";
import { CellError } from "./CellError";
import classes from "./grid.module.css";
import { valueOf, type GridRow } from "./rows";

type Props = { field: Field; row: GridRow; currency: string; name: string; error?: string; readOnly?: boolean; figures?: boolean; autoFocus?: boolean; acts: GridActs };

let visits = 0;

/** A cell that is typed into. While one stands in it, it shows what is typed; otherwise the value. Escape gives back what was there before. */
export function TypedCell({ field, row, currency, name, error, readOnly, figures, autoFocus, acts }: Props) {
  const language = useLanguage();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const unread = row.unread[field.key];
  const value = valueOf(row, field.key);
  const outside = unread ?? textOf(field, value, currency);
  const [typed, setTyped] = useState<string>();
  const [before, setBefore] = useState(outside);
  const [visit, setVisit] = useState(0);
  const inside = typed !== undefined;
  // Undone, or filled in from elsewhere, while one stands in it.
  if (inside && meantBy(field, typed, currency) !== outside) setTyped(outside);
  useLayoutEffect(() => {
    if (visit > 0) input.current?.select();
  }, [visit]);
  const write = (text: string) => acts.write(row.key, writtenBy(field, text, currency), `${row.key} ${field.key} ${visit}`);
  return (
    <>
      <input
        ref={input}
        className={classes.input}
        type="text"
        inputMode={figures ? "decimal" : undefined}
        data-figures={figures || undefined}
        aria-label={name}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error !== undefined ? id : undefined}
        placeholder={row.hints?.[field.key]}
        data-hint={row.hints?.[field.key] !== undefined || undefined}
        autoComplete="off"
        autoFocus={autoFocus}
        readOnly={readOnly}
        disabled={row.removed}
        value={typed ?? unread ?? shownText(field, value, currency, language)}
        onFocus={() => {
          if (readOnly) return;
          setTyped(outside);
          setBefore(outside);
          setVisit((visits += 1));
        }}
        onBlur={() => setTyped(undefined)}
        onChange={(event) => {
          if (readOnly) return;
          setTyped(event.currentTarget.value);
          write(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || outside === before || event.nativeEvent.isComposing) return;
          event.stopPropagation();
          setTyped(before);
          write(before);
        }}
      />
      {error !== undefined && <CellError id={id}>{error}</CellError>}
    </>
  );
}

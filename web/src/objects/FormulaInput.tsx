import { Input } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { FormulaFunction } from "~/api/definitions";
import { useObjects } from "~/api/queries";
import type { ObjectDef, Violation } from "~/api/types";
import { useLanguage } from "~/i18n";
import { completed, suggestionsAt, wordAt, type Suggestion, type Word } from "./completion";
import classes from "./FormulaInput.module.css";

type Props = {
  value: string;
  object: ObjectDef;
  /** The field whose formula it is: it cannot stand in it. */
  except?: string;
  functions: FormulaFunction[];
  /** What is wrong, some of it with the place: `from` and `to` in characters. */
  findings: Violation[];
  onChange: (formula: string) => void;
};

/** A formula with its names: they are offered while one writes and on Ctrl + Space; what is wrong is underlined. */
export function FormulaInput({ value, object, except, functions, findings, onChange }: Props) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  const objects = useObjects();
  const id = useId();
  const listId = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [word, setWord] = useState<Word>();
  const [chosen, setChosen] = useState(0);
  const caretAfter = useRef<number>(undefined);
  const found = word ? suggestionsAt(word, { object, objects, functions, except, language }) : [];
  const open = found.length > 0;
  const at = Math.min(chosen, found.length - 1);

  // The caret is put behind what was completed once the words stand there.
  useLayoutEffect(() => {
    if (caretAfter.current === undefined) return;
    input.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = undefined;
  }, [value]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, open]);

  const offer = (formula: string, caret: number, asked: boolean) => {
    const next = wordAt(formula, caret);
    setChosen(0);
    // What is complete already needs no list over what stands below.
    const whole = next && suggestionsAt(next, { object, objects, functions, except, language }).every((it) => it.name === next.begun);
    setWord(next && (asked || (!whole && (next.begun !== "" || next.path.length > 0))) ? next : undefined);
  };
  const take = (suggestion: Suggestion) => {
    if (!word) return;
    const next = completed(value, word, suggestion);
    caretAfter.current = next.caret;
    onChange(next.formula);
    setWord(undefined);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === " " && event.ctrlKey) offer(value, event.currentTarget.selectionStart, true);
    else if (!open) return;
    else if (event.key === "ArrowDown") setChosen((at + 1) % found.length);
    else if (event.key === "ArrowUp") setChosen((at - 1 + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") take(found[at]!);
    else if (event.key === "Escape") setWord(undefined);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") return setWord(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Input.Wrapper id={id} label={t("formula")} withAsterisk description={t("formulaHint")} error={findings.length > 0 ? findings.map((it) => it.message).join(" ") : undefined} inputWrapperOrder={["label", "input", "error", "description"]}>
      <div className={classes.box} data-error={findings.length > 0 || undefined}>
        <pre className={classes.marks} aria-hidden>
          {marked(value, findings)}
          {"\n"}
        </pre>
        <textarea
          ref={input}
          id={id}
          className={classes.text}
          role="combobox"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-expanded={open}
          aria-controls={listId}
          aria-activedescendant={open ? `${listId}-${at}` : undefined}
          aria-required
          aria-invalid={findings.length > 0 || undefined}
          aria-describedby={`${id}-description${findings.length > 0 ? ` ${id}-error` : ""}`}
          // An Escape that closes the list must not close the drawer.
          data-mantine-stop-propagation={open || undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            offer(event.currentTarget.value, event.currentTarget.selectionStart, false);
          }}
          onKeyDown={onKey}
          onBlur={() => setWord(undefined)}
        />
        <ul ref={list} id={listId} role="listbox" aria-label={t("suggestions")} className={classes.list} hidden={!open}>
          {found.map((suggestion, index) => (
            <li
              key={`${suggestion.kind}-${suggestion.name}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes.item}
              // The caret stays in the formula.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
            >
              <code>{suggestion.kind === "function" ? suggestion.text : suggestion.name}</code>
              <span>{suggestion.kind === "function" ? suggestion.help : suggestion.text}</span>
              {suggestion.leadsOn && <IconChevronRight size={14} aria-hidden />}
            </li>
          ))}
        </ul>
      </div>
      <span className="visually-hidden" role="status">
        {open ? t("suggestionCount", { count: found.length }) : ""}
      </span>
    </Input.Wrapper>
  );
}

/** The formula in pieces, those that something is wrong with marked. */
function marked(text: string, findings: Violation[]) {
  // Places are counted in characters; some take two of the units that a string is made of.
  const formula = Array.from(text);
  const places = findings
    .map(({ params }) => ({ from: Number(params?.["from"]), to: Number(params?.["to"]) }))
    .filter(({ from, to }) => Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= formula.length)
    // What is missing at the end has no width; the last character stands for it.
    .map(({ from, to }) => (to > from ? { from, to } : from > 0 ? { from: from - 1, to: from } : { from, to: from + 1 }))
    .sort((a, b) => a.from - b.from);
  const pieces: React.ReactNode[] = [];
  let at = 0;
  for (const { from, to } of places) {
    if (from < at) continue;
    pieces.push(formula.slice(at, from).join(""), <mark key={from}>{formula.slice(from, to).join("")}</mark>);
    at = to;
  }
  return [...pieces, formula.slice(at).join("")];
}

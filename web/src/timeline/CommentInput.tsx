import { Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconEyeOff, IconUsers } from "@tabler/icons-react";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMentionable, type Mentionable } from "~/api/timeline";
import { Avatar } from "~/ui/Avatar";
import classes from "./CommentInput.module.css";
import { mentionAt, type Mention } from "./mentions";

/** A comment being written: the text as it stands, and who is meant by the names after an @. */
export type Written = { text: string; mentions: Mention[] };

type Props = {
  object: string;
  id: string;
  value: Written;
  onChange: (next: Written) => void;
  onSubmit: () => void;
  onEscape?: () => void;
  error?: string;
  label: string;
  autoFocus?: boolean;
};

/** A text in which @ offers people to mention; arrows walk, Enter or Tab takes, Escape closes, Ctrl Enter sends. */
export function CommentInput({ object, id, value, onChange, onSubmit, onEscape, error, label, autoFocus }: Props) {
  const { t } = useTranslation("timeline");
  const listId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [asking, setAsking] = useState<{ from: number; q: string }>();
  const [chosen, setChosen] = useState(0);
  const [q] = useDebouncedValue(asking?.q, 120);
  const { data } = useMentionable(object, id, asking ? q : undefined);
  const words = asking?.q.toLowerCase() ?? "";
  // Until the server has answered for what has been typed, what is there is narrowed to it.
  const people = asking ? (data?.items ?? []).filter((one) => one.name.toLowerCase().includes(words)) : [];
  const at = Math.min(chosen, Math.max(people.length - 1, 0));
  const open = asking !== undefined && people.length > 0;

  const look = (text: string) => {
    const caret = area.current?.selectionStart ?? text.length;
    setAsking(mentionAt(text, caret));
    setChosen(0);
  };
  const take = (one: Mentionable) => {
    if (!asking) return;
    const caret = area.current?.selectionStart ?? value.text.length;
    const text = `${value.text.slice(0, asking.from)}@${one.name} ${value.text.slice(caret).replace(/^ /, "")}`;
    const known = value.mentions.some((mention) => mention.id === one.id);
    onChange({ text, mentions: known ? value.mentions : [...value.mentions, { name: one.name, kind: one.kind, id: one.id }] });
    setAsking(undefined);
    const end = asking.from + one.name.length + 2;
    requestAnimationFrame(() => area.current?.setSelectionRange(end, end));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return onSubmit();
    }
    if (!open) {
      if (event.key === "Escape") onEscape?.();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosen((at + step + people.length) % people.length);
    else if (event.key === "Enter" || event.key === "Tab") take(people[at]!);
    else if (event.key === "Escape") setAsking(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={classes.input}>
      <Textarea
        ref={area}
        aria-label={label}
        placeholder={t("commentPlaceholder")}
        autosize
        minRows={2}
        maxRows={14}
        value={value.text}
        error={error}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${at}` : undefined}
        onChange={(event) => {
          onChange({ ...value, text: event.currentTarget.value });
          look(event.currentTarget.value);
        }}
        onKeyDown={onKey}
        onClick={() => look(value.text)}
        onBlur={() => setAsking(undefined)}
      />
      {open && (
        <div id={listId} role="listbox" aria-label={t("mention")} className={classes.people}>
          {people.map((one, index) => (
            <div
              key={one.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes.person}
              // Before the field loses the focus, and with it the list.
              onPointerDown={(event) => {
                event.preventDefault();
                take(one);
              }}
              onPointerMove={() => setChosen(index)}
            >
              {one.kind === "employee" ? <Avatar name={one.name} size={22} /> : <IconUsers size={20} stroke={1.6} aria-hidden />}
              <span className={classes.name}>{one.name}</span>
              {one.kind === "employee" && !one.sees && (
                <span className={classes.blind}>
                  <IconEyeOff size={14} stroke={1.7} aria-hidden />
                  {t("doesNotSee")}
                </span>
              )}
            </div>
          ))}
        </div>
      )}
      <span className="visually-hidden" role="status">
        {asking ? t("offered", { count: people.length }) : ""}
      </span>
    </div>
  );
}

import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { createElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTodo, waitingOf } from "~/api/todo";
import { mayComplete, placeOf, useTodoActs } from "~/todo/acts";
import { kindIcon } from "~/todo/kindIcon";
import { kindWord } from "~/todo/kindWord";
import { Instant } from "~/ui/Instant";
import { Card } from "./Card";
import classes from "./Home.module.css";

const SHOWN = 12;

/** The most urgent of what waits for one. */
export function Waiting({ title }: { title?: string }) {
  const { t } = useTranslation("home");
  const { t: words } = useTranslation("todo");
  const todo = useTodo(undefined, SHOWN);
  const { items, refs } = waitingOf(todo.data);
  const acts = useTodoActs(() => "");
  const [busy, setBusy] = useState<string[]>([]);
  const about = (record: string | null | undefined, title: string) => {
    const name = record ? refs[record]?.name : undefined;
    return name === title ? undefined : name;
  };
  return (
    <Card title={title ?? t("waitingTitle")} more={<Link to="/todo">{t("all")}</Link>} error={todo.error} onRetry={() => void todo.refetch()} ready={todo.data !== undefined} empty={items.length === 0 ? t("waitingEmpty") : undefined}>
      <ul className={classes.deals}>
        {items.slice(0, SHOWN).map((item) => (
          <li key={`${item.kind}-${item.id}`} className={classes.waiting}>
            {mayComplete(item) ? (
              <Checkbox
                size="xs"
                aria-label={words("complete", { title: item.title })}
                checked={busy.includes(item.id)}
                disabled={busy.includes(item.id)}
                onChange={() => {
                  setBusy((now) => [...now, item.id]);
                  void acts.complete(item).finally(() => setBusy((now) => now.filter((id) => id !== item.id)));
                }}
              />
            ) : (
              <Mark kind={item.kind} />
            )}
            <span className={classes.told}>
              {item.kind === "join_request" ? (
                <Link to="/join-requests" className={classes.name}>
                  {item.title}
                </Link>
              ) : item.object && item.record ? (
                <Link to="/o/$object/$id" params={{ object: item.object, id: item.record }} hash={item.kind === "stage_task" ? placeOf(item) : undefined} className={classes.name}>
                  {item.title}
                </Link>
              ) : (
                <span className={classes.name}>{item.title}</span>
              )}
              <span className={classes.beneath}>{[kindWord(words, item.kind, true), about(item.record, item.title)].filter(Boolean).join(" · ")}</span>
            </span>
            <span className={classes.day} data-late={item.overdue || undefined}>
              <Instant value={item.due_at} relative />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Mark({ kind }: { kind: string }) {
  return createElement(kindIcon(kind), { size: 16, stroke: 1.6, color: "var(--ink-soft)", "aria-hidden": true });
}

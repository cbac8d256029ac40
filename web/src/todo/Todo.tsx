import { Button, Chip, Paper } from "@mantine/core";
import { IconSunHigh } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObject } from "~/api/queries";
import { useTodo, waitingOf, type TodoItem } from "~/api/todo";
import { JoinWaiting } from "~/duplicates/joining/JoinWaiting";
import { useLanguage } from "~/i18n";
import { weekStartOf } from "~/ui/dayPicks";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatInstant } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { APPROVAL, mayComplete, mayPostpone, placeOf, useTodoActs } from "./acts";
import { groupsOf } from "./groups";
import { kindWord } from "./kindWord";
import { QuickAdd } from "./QuickAdd";
import { en } from "./texts";
import classes from "./todo.module.css";
import { TodoLine } from "./TodoLine";
import { useTodoKeys } from "./useTodoKeys";

/** Those who ask to join a record of one's own. */
const JOINS = "join_request";

/** Everything that waits for one, the most urgent first. */
export function Todo() {
  const { t } = useTranslation("todo");
  const { kind } = useSearch({ strict: false }) as { kind?: string };
  const navigate = useNavigate();
  const me = useMe();
  const language = useLanguage();
  const timeZone = useTimeZone();
  const mayAdd = useObject("task")?.acts.includes("create") ?? false;
  const field = useRef<HTMLInputElement>(null);
  const todo = useTodo(kind);
  const { items, refs, counts } = waitingOf(todo.data);
  // Requests to join are told above with what they say, and answered there.
  const groups = groupsOf(items.filter((item) => item.kind !== JOINS), timeZone, weekStartOf(me.organisation.week_start));
  const shown = groups.flatMap((group) => group.items);
  const [busy, setBusy] = useState<string[]>([]);
  const [postponing, setPostponing] = useState<string>();
  const acts = useTodoActs((instant) => (instant ? formatInstant(instant, language, timeZone) : ""));

  // Ticked off is ticked off at once; a second press on the same row finds nothing to do.
  const run = (item: TodoItem, act: () => Promise<void>) => {
    setBusy((now) => [...now, item.id]);
    void act().finally(() => setBusy((now) => now.filter((id) => id !== item.id)));
  };
  const complete = (item: TodoItem) => mayComplete(item) && !busy.includes(item.id) && run(item, () => acts.complete(item));
  const postpone = (item: TodoItem, due: string | null) => run(item, () => acts.postpone(item, due));
  const lead = (item: TodoItem, hash?: string) => item.object && item.record && void navigate({ to: "/o/$object/$id", params: { object: item.object, id: item.record }, hash });
  // A press that ticks off leads, where a tick will not do, to where it is done: to log what came of a next step, to a stage's task.
  const finish = (item: TodoItem) => (mayComplete(item) ? complete(item) : placeOf(item) ? lead(item, placeOf(item)) : undefined);
  const open = (item: TodoItem) => (item.kind === APPROVAL ? void navigate({ to: "/approvals/$id", params: { id: item.id } }) : lead(item, item.kind === "stage_task" ? placeOf(item) : undefined));
  const { active } = useTodoKeys(shown, {
    onOpen: open,
    onComplete: finish,
    onPostpone: (item) => mayPostpone(item) && setPostponing(item.id),
    onAdd: () => field.current?.focus(),
  });

  const all = counts ? Object.values(counts.kinds).reduce((sum, count) => sum + count, 0) : 0;
  // As the words for them stand; kinds that have none yet come last.
  const order = (key: string) => (Object.keys(en.kinds).indexOf(key) + 100) % 100;
  const kinds = Object.entries(counts?.kinds ?? {}).sort(([a], [b]) => order(a) - order(b)).filter(([key, count]) => count > 0 || key === kind);

  return (
    <Page title={t("title")} narrow>
      <div className={classes.todo}>
        {mayAdd && <QuickAdd field={field} />}
        {(kind === undefined || kind === JOINS) && <JoinWaiting />}
        {(kinds.length > 1 || kind) && (
          <Chip.Group value={kind ?? "all"} onChange={(next) => void navigate({ to: "/todo", search: next === "all" ? {} : { kind: String(next) } })}>
            <div className={classes.chips} role="group" aria-label={t("which")}>
              <Chip value="all" size="xs" radius="xl" variant="light">
                {t("all")} {all}
              </Chip>
              {kinds.map(([key, count]) => (
                <Chip key={key} value={key} size="xs" radius="xl" variant="light">
                  {kindWord(t, key)} {count}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        )}
        {todo.isError && !todo.data ? (
          <ErrorState error={todo.error} onRetry={() => void todo.refetch()} />
        ) : !todo.data ? (
          <RowSkeletons rows={8} height={26} />
        ) : shown.length === 0 && (counts?.kinds[JOINS] ?? 0) > 0 && (kind === undefined || kind === JOINS) ? null : shown.length === 0 ? (
          <EmptyState icon={<IconSunHigh size={34} stroke={1.3} />} title={t(kind ? "noneTitle" : "emptyTitle")} action={kind && <Button variant="default" onClick={() => void navigate({ to: "/todo", search: {} })}>{t("showAll")}</Button>}>
            {!kind && t("emptyText")}
          </EmptyState>
        ) : (
          groups.map(({ span, items: waiting }) => (
            <Paper key={span} component="section" className={classes.group} aria-labelledby={`todo-${span}`}>
              <h2 id={`todo-${span}`} className={classes.groupTitle} data-late={span === "overdue" || undefined}>
                {t(`spans.${span}`)} <span className={classes.count}>{waiting.length}</span>
              </h2>
              <ul className={classes.items}>
                {waiting.map((item) => (
                  <TodoLine
                    key={`${item.kind}-${item.id}`}
                    item={item}
                    refs={refs}
                    today={span === "today"}
                    active={shown[active] === item}
                    busy={busy.includes(item.id)}
                    postponing={postponing === item.id}
                    onPostponing={(opened) => setPostponing(opened ? item.id : undefined)}
                    onComplete={() => complete(item)}
                    onPostpone={(due) => postpone(item, due)}
                  />
                ))}
              </ul>
            </Paper>
          ))
        )}
        {todo.hasNextPage && (
          <Button variant="subtle" loading={todo.isFetchingNextPage} onClick={() => void todo.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
        {shown.length > 0 && <p className={classes.keys}>{t("keys")}</p>}
      </div>
    </Page>
  );
}

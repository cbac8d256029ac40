import { Button, Kbd, Paper, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useAfterWrite, useMe, useObject } from "~/api/queries";
import { useAfterTask } from "~/api/tasks";
import { keepUntold, useAfterHappening, type RecordComment } from "~/api/timeline";
import type { Rec, Saved, Value } from "~/api/types";
import { startOf } from "~/fields/draft";
import { GeneralFindings } from "~/fields/FieldForm";
import { isTyping } from "~/shell/useShellKeys";
import { toldWithUndo } from "~/ui/undoable";
import { useDraft } from "~/ui/useDraft";
import { ActivityForm, TaskForm } from "./ActivityForm";
import { CommentInput } from "./CommentInput";
import classes from "./Composer.module.css";
import { filled, hasContent, isActivity, NOTHING, subjectOf, type Begun, type Mode } from "./draft";
import forms from "./forms.module.css";
import { markupOf } from "./mentions";
import { LOG, MODE_ICONS, MODE_KEYS, MODES, SUBMIT_KEYS } from "./modes";

/** Where one writes down what happened, what is to be done and what others should know. What has been begun is kept until it is sent. */
export function Composer({ record }: { record: Rec }) {
  const { t } = useTranslation("timeline");
  const me = useMe();
  const activity = useObject("activity");
  const task = useObject("task");
  const { draft, setDraft, clear } = useDraft<Begun>(`${me.person.id}-${record.object}-${record.id}`, NOTHING);
  const box = useRef<HTMLFormElement>(null);
  const may: Record<Mode, boolean> = {
    comment: activity?.acts.includes("create") ?? false,
    task: task?.acts.includes("create") ?? false,
    call: activity?.acts.includes("create") ?? false,
    visit: activity?.acts.includes("create") ?? false,
    email: activity?.acts.includes("create") ?? false,
    note: activity?.acts.includes("create") ?? false,
  };
  const mode = draft.mode && may[draft.mode] ? draft.mode : undefined;
  const [pressed, setPressed] = useState(false);
  const send = useSend(record, draft, me.person.id);
  const open = (next: Mode | undefined) => {
    send.reset();
    setPressed(true);
    setDraft({ ...draft, mode: next });
  };
  // What was typed goes with the sending; the other kinds begun on this record stay.
  const sent = (kind: Mode) => {
    const left: Begun = { ...draft, mode: undefined, ...(kind === "comment" ? { comment: NOTHING.comment } : kind === "task" ? { task: {} } : { activity: {} }) };
    if (MODES.some((one) => hasContent(left, one))) setDraft(left);
    else clear();
  };
  const submit = () => mode && !send.isPending && send.mutate(mode, { onSuccess: () => sent(mode) });
  const discard = () => {
    if (!mode) return;
    const before = draft;
    sent(mode);
    send.reset();
    if (hasContent(before, mode)) toldWithUndo({ message: t("discarded"), undo: t("undo", { ns: "ui" }), onUndo: () => setDraft(before) });
  };

  // The to-do list leads here to log what a next step has come to.
  const toLog = useLocation({ select: ({ hash }) => hash === LOG });
  const [ledTo, setLedTo] = useState(false);
  if (toLog !== ledTo) {
    setLedTo(toLog);
    if (toLog && may.call && !isActivity(mode)) open("call");
  }

  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  const allowed = JSON.stringify(may);
  useEffect(() => {
    const may = JSON.parse(allowed) as Record<Mode, boolean>;
    const onKey = (event: globalThis.KeyboardEvent) => {
      const next = MODE_KEYS[event.key];
      if (!next || !may[next] || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      latest.current(next);
      requestAnimationFrame(() => {
        box.current?.scrollIntoView({ block: "nearest" });
        box.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
      });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [allowed]);

  const findings = findingsOfError(send.error, mode === "comment" ? ["text"] : (mode === "task" ? task : activity)?.fields.map((field) => field.key) ?? []);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      event.preventDefault();
      submit();
    }
  };
  const change = (part: "activity" | "task") => (key: string, value: Value) => setDraft({ ...draft, [part]: { ...draft[part], [key]: value } });

  return (
    <Paper component="section" className={classes.composer} aria-label={t("compose")}>
      <div className={classes.modes} role="group" aria-label={t("composeWhat")}>
        {MODES.filter((one) => may[one]).map((one) => {
          const Icon = MODE_ICONS[one];
          return (
            <UnstyledButton key={one} className={classes.mode} aria-pressed={mode === one} onClick={() => open(mode === one ? undefined : one)}>
              <Icon size={19} stroke={1.6} aria-hidden />
              {t(`mode.${one}`)}
              {mode !== one && hasDraft(draft, one) && <span className={classes.begun} title={t("begun")} aria-label={t("begun")} role="img" />}
            </UnstyledButton>
          );
        })}
      </div>
      {mode && (
        <form
          ref={box}
          className={classes.body}
          onKeyDown={onKey}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <GeneralFindings findings={findings} />
          {mode === "comment" && (
            <CommentInput object={record.object} id={record.id} label={t("mode.comment")} value={draft.comment} error={findings.byField["text"]?.join(" ")} autoFocus={pressed} onChange={(comment) => setDraft({ ...draft, comment })} onSubmit={submit} />
          )}
          {isActivity(mode) && activity && <ActivityForm object={activity} about={record} values={{ ...draft.activity, activity_type: mode }} findings={findings} onChange={change("activity")} autoFocus={pressed} />}
          {mode === "task" && task && (
            <TaskForm object={task} values={{ ...startOf(task.fields), assignee: me.person.id, ...draft.task }} refs={{ [me.person.id]: { object: "employee", name: me.person.name } }} findings={findings} onChange={change("task")} autoFocus={pressed} />
          )}
          <div className={forms.foot}>
            <span className={forms.hint}>{hasContent(draft, mode) ? t("kept") : mode === "comment" ? t("mentionHint") : ""}</span>
            <Button variant="default" onClick={discard}>
              {t(hasContent(draft, mode) ? "discard" : "cancel", { ns: hasContent(draft, mode) ? "timeline" : "ui" })}
            </Button>
            <Button type="submit" loading={send.isPending} rightSection={<Kbd size="xs" className={classes.keys}>{SUBMIT_KEYS}</Kbd>}>
              {t(`send.${mode}`)}
            </Button>
          </div>
        </form>
      )}
    </Paper>
  );
}

/** Activities share one draft: it is shown at the first of them. */
const hasDraft = (begun: Begun, mode: Mode) => (isActivity(mode) ? mode === "call" && !isActivity(begun.mode) : true) && hasContent(begun, mode);

/** Sends what has been begun. The same words sent again after a lost answer are taken once. */
function useSend(record: Rec, draft: Begun, me: string) {
  const { t } = useTranslation("timeline");
  const client = useQueryClient();
  const happened = useAfterHappening(record.object, record.id);
  const afterWrite = useAfterWrite();
  const afterTask = useAfterTask();
  const last = useRef<{ body: string; key: string }>(undefined);
  const keyFor = (body: unknown) => {
    const text = JSON.stringify(body);
    if (last.current?.body !== text) last.current = { body: text, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
    return { idempotencyKey: last.current.key };
  };
  const regarding = { object: record.object, id: record.id };
  return useMutation({
    mutationFn: async (mode: Mode): Promise<unknown> => {
      if (mode === "comment") {
        const body = { text: markupOf(draft.comment.text.trim(), draft.comment.mentions) };
        return post<RecordComment>(`/records/${record.object}/${record.id}/comments`, body, keyFor(body));
      }
      if (mode === "task") {
        const body = { fields: filled({ assignee: me, ...draft.task, regarding }) };
        return post<Saved>("/records/task", body, keyFor(body));
      }
      const fields = filled({ ...draft.activity, regarding, name: subjectOf(draft.activity["name"], draft.activity["content"], t(`mode.${mode}`)), activity_type: mode });
      const body = { fields };
      return post<Saved>("/records/activity", body, keyFor(body));
    },
    onSuccess: (saved, mode) => {
      last.current = undefined;
      if (mode === "comment") keepUntold(client, saved as RecordComment);
      if (mode === "task") afterTask();
      else if (mode !== "comment") afterWrite((saved as Saved).record);
      happened();
    },
  });
}

import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useMe } from "~/api/queries";
import { useCreateTask } from "~/api/tasks";
import { DayPicker } from "~/ui/DayPicker";
import { useDraft } from "~/ui/useDraft";
import classes from "./todo.module.css";

type Begun = { name: string; due: string | null };
const NOTHING: Begun = { name: "", due: null };

/** Writes down a task of one's own without leaving the list. */
export function QuickAdd({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const { t } = useTranslation("todo");
  const me = useMe();
  const { draft, setDraft, clear } = useDraft<Begun>(`${me.person.id}-todo`, NOTHING);
  const create = useCreateTask();
  const form = useRef<HTMLFormElement>(null);
  const findings = findingsOfError(create.error, ["name"]);
  const add = () => {
    const name = draft.name.trim();
    if (!name || create.isPending) return field.current?.focus();
    create.mutate({ name, assignee: me.person.id, ...(draft.due ? { due_at: draft.due } : {}) }, { onSuccess: clear });
  };
  return (
    <form
      ref={form}
      className={classes.add}
      aria-label={t("add")}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className={classes.addLine}>
        <TextInput
          ref={field}
          className={classes.addField}
          aria-label={t("add")}
          placeholder={t("addPlaceholder")}
          leftSection={<IconPlus size={16} />}
          value={draft.name}
          error={[...(findings.byField["name"] ?? []), ...findings.general].join(" ") || undefined}
          onChange={(event) => {
            if (create.isError) create.reset();
            setDraft({ ...draft, name: event.currentTarget.value });
          }}
          onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
        />
        <Button type="submit" variant={draft.name.trim() ? "filled" : "default"} loading={create.isPending}>
          {t("addTask")}
        </Button>
      </div>
      {draft.name !== "" && <DayPicker label={t("due")} value={draft.due} onPick={(due) => setDraft({ ...draft, due })} />}
    </form>
  );
}

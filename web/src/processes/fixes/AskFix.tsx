import { Button, Group, Select, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useMe } from "~/api/queries";
import { useAfterHappening, useMentionable, type RecordComment } from "~/api/timeline";
import type { Rec, Requirement } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { markupOf } from "~/timeline/mentions";
import classes from "./fixes.module.css";

type Props = { record: Rec; requirement: Requirement; stage: string; whom: "owner" | "administrator"; onClose: () => void };

/** Asks somebody who can for help: a comment on the deal that mentions him. */
export function AskFix({ record, requirement, stage, whom, onClose }: Props) {
  const { t } = useTranslation("path");
  const me = useMe();
  const after = useAfterHappening(record.object, record.id);
  const owner = typeof record.fields.owner === "string" ? record.fields.owner : undefined;
  const ownerName = owner ? record.refs?.[owner]?.name : undefined;
  const [person, setPerson] = useState<string | null>(whom === "owner" && owner !== me.person.id ? (owner ?? null) : null);
  const [typed, setTyped] = useState("");
  const [text, setText] = useState(t("ask.text", { deal: String(record.fields.name ?? ""), stage, requirement: requirement.message }));
  const found = useMentionable(record.object, record.id, typed);
  const people = (found.data?.items ?? []).filter((one) => one.kind === "employee" && one.id !== me.person.id).map((one) => ({ value: one.id, label: one.name }));
  const choices = owner && ownerName && owner !== me.person.id && !people.some((one) => one.value === owner) ? [{ value: owner, label: ownerName }, ...people] : people;
  const name = choices.find((one) => one.value === person)?.label;
  const send = useMutation({
    mutationFn: () => post<RecordComment>(`/records/${record.object}/${record.id}/comments`, { text: markupOf(`@${name} ${text}`, [{ id: person!, name: name!, kind: "employee" }]) }),
    onSuccess: () => {
      after();
      notifications.show({ message: t("ask.sent", { name }) });
      onClose();
    },
  });
  return (
    <div className={classes.fix}>
      <GeneralFindings findings={findingsOfError(send.error, [])} />
      <Select label={t("ask.whom")} data={choices} value={person} searchable onSearchChange={(next) => setTyped(next === name ? "" : next)} onChange={setPerson} data-autofocus comboboxProps={{ withinPortal: true }} />
      <Textarea label={t("ask.message")} autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Text size="xs" c="dimmed">
        {t("ask.hint")}
      </Text>
      <Group gap="xs">
        <Button size="compact-md" disabled={!person || !name || !text.trim()} loading={send.isPending} onClick={() => send.mutate()}>
          {t("ask.send")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onClose}>
          {t("cancel", { ns: "processes" })}
        </Button>
      </Group>
    </div>
  );
}

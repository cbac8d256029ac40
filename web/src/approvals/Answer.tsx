import { Alert, Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnApproval, type ActInput, type Approval } from "~/api/approvals";
import { findingsOfError } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Value } from "~/api/types";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { told } from "~/objects/told";
import classes from "./approvals.module.css";
import { useNamed } from "./useWords";

/** The two buttons, a word to go with them, and what is to be filled in. */
export function Answer({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const object = useObject(approval.object);
  const named = useNamed(approval.refs);
  const [comment, setComment] = useState("");
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const answer = useActOnApproval(approval.id);
  const keys = [...new Set([...approval.must_fill, ...approval.may_edit])];
  const fields = keys.flatMap((key) => object?.fields.find((field) => field.key === key) ?? []);
  const task = approval.steps.flatMap((step) => step.people.map((person) => ({ person, step }))).find(({ person }) => person.task === approval.my_task);
  const fills = task?.step.type === "task";
  const mayReject = approval.can.includes("reject");
  const findings = findingsOfError(answer.error, [...keys, "comment"]);

  const send = (act: "agree" | "reject") => {
    const input: ActInput = { act, task: approval.my_task ?? undefined, comment: comment.trim() || undefined };
    if (act === "agree" && Object.keys(draft).length > 0) input.fields = draft;
    answer.mutate(input, { onSuccess: () => told(t(act === "reject" ? "rejectedDone" : fills ? "completed" : "agreed")) });
  };

  return (
    <section className={classes.answer} aria-label={t("answer")}>
      {approval.on_behalf_of && <p className={classes.soft}>{t("youAnswerFor", { name: named.one(approval.on_behalf_of) })}</p>}
      {fields.length > 0 && (
        <div className={classes.fills}>
          <h2 className={classes.cardTitle}>{t("fill")}</h2>
          <FieldForm
            fields={fields}
            values={{ ...approval.values, ...draft }}
            refs={approval.refs}
            findings={{ byField: findings.byField, general: [] }}
            required={approval.must_fill}
            onChange={(key, value) => setDraft((now) => ({ ...now, [key]: value }))}
          />
        </div>
      )}
      <GeneralFindings findings={{ ...findings, byField: {} }} />
      <Textarea
        aria-label={t(approval.comment_required ? "commentRequired" : "comment")}
        placeholder={t(approval.comment_required ? "commentRequired" : "comment")}
        description={mayReject ? t("commentToReject") : undefined}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autosize
        minRows={1}
        maxRows={6}
        value={comment}
        error={findings.byField["comment"]?.join(" ")}
        onChange={(event) => {
          if (answer.isError) answer.reset();
          setComment(event.currentTarget.value);
        }}
      />
      <Group grow gap="sm" mt={10}>
        {mayReject && (
          <Button size="md" variant="default" c="var(--danger)" loading={answer.isPending && answer.variables.act === "reject"} disabled={answer.isPending} onClick={() => send("reject")}>
            {t("reject")}
          </Button>
        )}
        <Button size="md" loading={answer.isPending && answer.variables.act === "agree"} disabled={answer.isPending} onClick={() => send("agree")}>
          {t(fills ? "complete" : "agree")}
        </Button>
      </Group>
    </section>
  );
}

/** What was agreed to and could not be done, with the reasons. */
export function Failed({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  if (!approval.failed?.length) return null;
  return (
    <Alert color="red" variant="light" title={t("failedTitle")}>
      {approval.failed.map((one, n) => (
        <div key={n}>{one.message ?? one.code}</div>
      ))}
    </Alert>
  );
}

import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnApproval, type Approval } from "~/api/approvals";
import { findingsOfError } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Value } from "~/api/types";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { told } from "~/objects/told";
import classes from "./approvals.module.css";
import { useNamed } from "./useWords";

/** What came back to whoever asked for it: changed here, and submitted again. */
export function Resubmit({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const object = useObject(approval.object);
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const [comment, setComment] = useState("");
  const again = useActOnApproval(approval.id);
  const fields = approval.may_edit.flatMap((key) => object?.fields.find((field) => field.key === key) ?? []);
  const named = useNamed(approval.refs);
  // Why it came back stands where it is mended.
  const said = approval.trail.findLast((entry) => entry.what === "rejected" && entry.comment);
  const findings = findingsOfError(again.error, approval.may_edit);
  return (
    <section className={classes.answer} aria-label={t("change")}>
      {said && (
        <div>
          <p className={classes.soft}>{t("sentBackBy", { name: named.one(said.by) })}</p>
          <p className={classes.said}>{said.comment}</p>
        </div>
      )}
      <p>{t("waitsForYou")}</p>
      {fields.length > 0 && (
        <FieldForm
          fields={fields}
          values={{ ...approval.values, ...draft }}
          refs={approval.refs}
          findings={{ byField: findings.byField, general: [] }}
          onChange={(key, value) => setDraft((now) => ({ ...now, [key]: value }))}
        />
      )}
      <GeneralFindings findings={{ ...findings, byField: {} }} />
      <Textarea aria-label={t("comment")} placeholder={t("comment")} mt="sm" autosize minRows={1} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
      <Group justify="flex-end" mt={10}>
        <Button
          loading={again.isPending}
          onClick={() =>
            again.mutate(
              { act: "resubmit", comment: comment.trim() || undefined, ...(Object.keys(draft).length > 0 ? { fields: draft } : {}) },
              { onSuccess: () => told(t("actDone.resubmit")) },
            )
          }
        >
          {t("acts.resubmit")}
        </Button>
      </Group>
    </section>
  );
}

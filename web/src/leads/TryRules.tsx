import { Alert, Button, Drawer, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTryLeadRules } from "~/api/leadAdmin";
import { findingsOfError } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Value } from "~/api/types";
import { FieldForm } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import classes from "./leads.module.css";

const ASKED = ["company", "country", "city", "sector", "lead_source", "amount"];

/** Which rule would take a lead, and who would get it: one that is there, or one that might be. */
export function TryRules({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("leads");
  const object = useObject("lead");
  const [lead, setLead] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, Value>>({});
  const trial = useTryLeadRules();
  const shown = object?.fields.filter((field) => ASKED.includes(field.key) && field.access === "write") ?? [];
  const done = trial.data;
  return (
    <Drawer opened position="right" size={520} onClose={onClose} title={t("try")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ""));
          trial.mutate(lead ? { lead } : { fields: filled });
        }}
      >
        <Stack gap="md">
          <RecordSelect object="lead" label={t("tryLead")} value={lead} onChange={setLead} />
          {!lead && <FieldForm fields={shown} values={fields} findings={findingsOfError(trial.error, shown.map((field) => field.key))} onChange={(key, value) => setFields((now) => ({ ...now, [key]: value }))} />}
          <Group justify="flex-end">
            <Button type="submit" loading={trial.isPending}>
              {t("try")}
            </Button>
          </Group>
          {done && (
            <Alert color={done.rule ? "brand" : "yellow"} variant="light" role="status">
              {done.rule ? t("wouldGet", { rule: done.rules.find((rule) => rule.id === done.rule)?.name ?? "", name: done.person ? (done.refs[done.person]?.name ?? "…") : "" }) : t("noRuleTakes")}
              <ul className={classes.tried}>
                {done.rules.map((rule) => (
                  <li key={rule.id}>
                    {rule.name}: {t(rule.means ? (rule.receivers.length > 0 ? "means" : "meansNobody") : "meansNot")}
                  </li>
                ))}
              </ul>
            </Alert>
          )}
        </Stack>
      </form>
    </Drawer>
  );
}

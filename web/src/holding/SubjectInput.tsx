import { Radio, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Subject } from "~/api/holdings";
import type { Refs, Violation } from "~/api/types";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { RecordsSelect } from "~/fields/RecordsSelect";
import classes from "./holding.module.css";

const KINDS = ["employees", "departments", "groups"] as const;
const EMPTY: Record<(typeof KINDS)[number], Subject> = { employees: { kind: "employees" }, departments: { kind: "departments", ids: [], with_sub: true }, groups: { kind: "groups", ids: [] } };

/** Whom a rule limits: each person by himself, or departments or groups as a whole. */
export function SubjectInput({ value, refs, findings, onChange }: { value: Subject; refs: Refs; findings: Violation[]; onChange: (subject: Subject) => void }) {
  const { t } = useTranslation("holding");
  const error = findings.map((it) => it.message).join(" ") || undefined;
  return (
    <fieldset className={classes.set}>
      <legend>{t("subject")}</legend>
      <Radio.Group aria-label={t("subject")} value={value.kind} onChange={(kind) => kind !== value.kind && onChange(EMPTY[kind as Subject["kind"]])}>
        <Stack gap={8}>
          {KINDS.map((kind) => (
            <Radio key={kind} value={kind} label={t(`kinds.${kind}`)} description={t(`kindHints.${kind}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {value.kind === "employees" && (
        <ConditionEditor
          object="employee"
          lasting
          label={t("employeeCondition")}
          hint={t("employeeConditionHint")}
          value={value.condition}
          findings={findings}
          onChange={(condition) => onChange(condition ? { kind: "employees", condition } : { kind: "employees" })}
        />
      )}
      {value.kind === "departments" && (
        <>
          <RecordsSelect object="department" label={t("departments")} withAsterisk value={value.ids} refs={refs} error={error} onChange={(ids) => onChange({ ...value, ids })} />
          <Switch label={t("withSub")} description={t("withSubHint")} checked={value.with_sub} onChange={(event) => onChange({ ...value, with_sub: event.currentTarget.checked })} />
        </>
      )}
      {value.kind === "groups" && <RecordsSelect object="user_group" label={t("groups")} withAsterisk value={value.ids} refs={refs} error={error} onChange={(ids) => onChange({ ...value, ids })} />}
    </fieldset>
  );
}

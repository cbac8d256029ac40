import { MultiSelect, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Strict } from "~/api/duplicates";
import { useRoles } from "~/api/roles";
import { useLabel } from "~/i18n";
import { said, type PartProps } from "./places";
import classes from "./rules.module.css";

const STRICT: Strict[] = ["by_method", "warn", "block"];

/** Whether those alike are refused or told, and whom a refusal does not stop. */
export function VerdictPart({ draft, at, onChange }: PartProps) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const roles = useRoles().data?.items ?? [];
  const data = STRICT.map((strict) => ({ value: strict, label: t(`strict.${strict}`) }));
  return (
    <section className={classes.part} aria-label={t("verdictTitle")}>
      <h2>{t("verdictTitle")}</h2>
      <p className={classes.hint}>{t("verdictHint")}</p>
      <div className={classes.pair}>
        {draft.kinds.new && <Select label={t("strictNew")} allowDeselect={false} data={data} value={draft.strictness.new} error={said(at("strictness", "new"))} onChange={(strict) => onChange({ strictness: { ...draft.strictness, new: strict as Strict } })} />}
        {draft.kinds.import && <Select label={t("strictImport")} allowDeselect={false} data={data} value={draft.strictness.import} error={said(at("strictness", "import"))} onChange={(strict) => onChange({ strictness: { ...draft.strictness, import: strict as Strict } })} />}
        <MultiSelect
          label={t("exempt")}
          description={t("exemptHint")}
          searchable
          data={roles.map((role) => ({ value: role.key, label: label(role.name) }))}
          value={draft.exempt_roles}
          error={said(at("exempt_roles"))}
          onChange={(exempt_roles) => onChange({ exempt_roles })}
        />
      </div>
    </section>
  );
}

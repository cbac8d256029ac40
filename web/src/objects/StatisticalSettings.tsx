import { Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StatisticFunction } from "~/api/definitions";
import { useObjects } from "~/api/queries";
import type { Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { relationsTo } from "~/records/relations";
import { fitting, type FieldDraft } from "./fieldDraft";

const FUNCTIONS: StatisticFunction[] = ["count", "sum", "min", "max", "average"];

type Props = { object: string; draft: FieldDraft; errorAt: (field: string) => string | undefined; findingsAt: (field: string) => Violation[]; onChange: (change: Partial<FieldDraft>) => void };

/** What is counted or summed: records that refer to this one, which function, and which of them. */
export function StatisticalSettings({ object, draft, errorAt, findingsAt, onChange }: Props) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const objects = useObjects();
  const relations = relationsTo(object, objects);
  const child = objects.find((it) => it.key === draft.of);
  const fields = child ? fitting(draft.function, child.fields) : [];
  if (relations.length === 0) return <Text size="sm">{t("noChildren")}</Text>;
  return (
    <Stack gap="sm">
      <Select
        label={t("of")}
        description={t("ofHint")}
        data={relations.map((relation) => ({ value: `${relation.object.key}.${relation.field.key}`, label: t("ofVia", { objects: label(relation.object.plural), field: label(relation.field.label) }) }))}
        allowDeselect={false}
        searchable
        value={draft.of ? `${draft.of}.${draft.via}` : null}
        error={errorAt("of") ?? errorAt("via")}
        onChange={(chosen) => {
          const [of = "", via = ""] = (chosen ?? "").split(".");
          onChange({ of, via, ...(of === draft.of ? {} : { field: "", condition: undefined }) });
        }}
      />
      <Select
        label={t("function")}
        data={FUNCTIONS.map((it) => ({ value: it, label: t(`statistics.${it}`) }))}
        allowDeselect={false}
        value={draft.function}
        error={errorAt("function")}
        onChange={(it) => {
          const chosen = it as StatisticFunction;
          const fits = child ? fitting(chosen, child.fields).some((field) => field.key === draft.field) : false;
          onChange({ function: chosen, field: fits ? draft.field : "" });
        }}
      />
      {draft.function !== "count" && (
        <Select
          label={t("ofField")}
          data={fields.map((field) => ({ value: field.key, label: label(field.label) }))}
          allowDeselect={false}
          searchable
          value={draft.field || null}
          error={errorAt("field")}
          onChange={(field) => onChange({ field: field ?? "" })}
        />
      )}
      {draft.of && (
        <ConditionEditor key={draft.of} ownOnly object={draft.of} label={t("condition")} hint={t("conditionHint")} value={draft.condition} findings={findingsAt("condition")} onChange={(condition) => onChange({ condition })} />
      )}
    </Stack>
  );
}

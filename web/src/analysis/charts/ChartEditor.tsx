import { Alert, Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaveChart, type ChartDocument, type ChartDraft, type Grouping, type MeasureKind, type OwnChart, type TimeStep } from "~/api/charts";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useMe, useObject, useObjects } from "~/api/queries";
import { useRoles } from "~/api/roles";
import type { Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { useIsPhone } from "~/pools/useIsPhone";
import { RowSkeletons } from "~/ui/Skeletons";
import { MultiSelect } from "@mantine/core";
import { CHART_TYPES } from "./data";
import classes from "./editor.module.css";
import { divisible, isTime, measurable, TIME_STEPS, tidied } from "./fieldsOfChart";
import { OwnChartView } from "./OwnChartView";

const ConditionEditor = lazy(() => import("~/conditions/ConditionEditor").then((room) => ({ default: room.ConditionEditor })));

const BEGIN: ChartDocument = { object: "opportunity", chart_type: "column", measure: { kind: "count" }, group: { field: "stage" } };
const KINDS: MeasureKind[] = ["count", "sum", "average", "min", "max"];
const PAUSE = 400;

type Props = { /** The chart that is changed. */ stored?: OwnChart; /** What a new one begins with. */ begin?: { name: string; chart: ChartDocument }; onClose: () => void; onSaved: (chart: OwnChart) => void };

/** A chart of one's own: of what, what is measured, by what it is divided, how it is drawn; beside it how it looks. */
export function ChartEditor({ stored, begin, onClose, onSaved }: Props) {
  const { t } = useTranslation("charts");
  const phone = useIsPhone();
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const save = useSaveChart();
  const [draft, setDraft] = useState<ChartDraft>(() =>
    stored ? { name: stored.name, description: stored.description, chart: stored.chart, sharing: stored.sharing } : { name: begin?.name ?? "", description: null, chart: begin?.chart ?? BEGIN, sharing: { scope: "private", roles: [] } },
  );
  const { chart } = draft;
  const object = useObject(chart.object);
  const [shown] = useDebouncedValue(chart, PAUSE);
  const change = (part: Partial<ChartDocument>) => setDraft((now) => ({ ...now, chart: tidied({ ...now.chart, ...part }, object) }));
  const violations: Violation[] = save.error instanceof ApiProblem ? save.error.violations : [];
  const wrong = (path: string) => violations.find((one) => one.path === path || one.path === `chart/${path}`)?.message;

  return (
    <Modal opened onClose={onClose} size={1180} fullScreen={phone} title={stored ? t("editor.change") : t("editor.new")}>
      <form
        className={classes.editor}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ stored, draft }, { onSuccess: onSaved });
        }}
      >
        <Stack gap="sm">
          <TextInput label={t("editor.name")} required maxLength={100} value={draft.name} error={wrong("name")} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} data-autofocus />
          <Select
            label={t("editor.object")}
            searchable
            allowDeselect={false}
            data={objects.map((one) => ({ value: one.key, label: label(one.plural) }))}
            value={chart.object}
            error={wrong("object")}
            onChange={(key) => {
              const to = objects.find((one) => one.key === key);
              if (to) setDraft({ ...draft, chart: tidied({ object: to.key, chart_type: chart.chart_type, measure: { kind: "count" }, group: firstGroup(to) }, to) });
            }}
          />
          <Group grow align="flex-start">
            <Select label={t("editor.measure")} allowDeselect={false} data={KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))} value={chart.measure.kind} onChange={(kind) => change({ measure: { kind: kind as MeasureKind, field: chart.measure.field ?? (object && measurable(object)[0]?.key) } })} />
            {chart.measure.kind !== "count" && object && (
              <Select label={t("editor.of")} searchable allowDeselect={false} data={measurable(object).map((field) => ({ value: field.key, label: label(field.label) }))} value={chart.measure.field ?? null} error={wrong("measure/field")} onChange={(field) => change({ measure: { ...chart.measure, field } })} />
            )}
          </Group>
          <div>
            <Select label={t("editor.type")} allowDeselect={false} data={CHART_TYPES.map((type) => ({ value: type, label: t(`types.${type}`) }))} value={chart.chart_type} error={wrong("chart_type")} onChange={(type) => change({ chart_type: type as ChartDocument["chart_type"] })} />
          </div>
          {chart.chart_type !== "number" && object && <By title={t("editor.group")} object={object.key} value={chart.group} error={wrong("group/field") ?? wrong("group")} onChange={(group) => change({ group })} />}
          {["column", "bar", "line", "table"].includes(chart.chart_type) && chart.group && object && <By title={t("editor.series")} clearable object={object.key} value={chart.series} error={wrong("series/field") ?? wrong("series")} onChange={(series) => change({ series })} />}
          {chart.chart_type !== "number" && (
            <Group grow align="flex-start">
              <Select label={t("editor.sort")} clearable placeholder={t("sorts.order")} data={(["value", "label"] as const).map((sort) => ({ value: sort, label: t(`sorts.${sort}`) }))} value={chart.sort === "order" ? null : (chart.sort ?? null)} onChange={(sort) => change({ sort: sort as ChartDocument["sort"] })} />
              <NumberInput label={t("editor.most")} placeholder={t("editor.all")} min={1} max={200} value={chart.most ?? ""} error={wrong("most")} onChange={(most) => change({ most: typeof most === "number" ? most : undefined })} />
            </Group>
          )}
          <Suspense fallback={<RowSkeletons rows={2} />}>
            <ConditionEditor key={chart.object} label={t("editor.filter")} object={chart.object} value={chart.filter ?? undefined} findings={violations.filter((one) => one.path?.startsWith("chart/filter"))} onChange={(filter) => change({ filter })} />
          </Suspense>
          {me.admin && <SharingPart value={draft.sharing} onChange={(sharing) => setDraft({ ...draft, sharing })} />}
          {save.isError && !violations.some((one) => wrong(one.path?.replace(/^chart\//, "") ?? "")) && (
            <Alert color="red" variant="light" role="alert">
              {violations.length > 0 ? violations.map((one) => one.message).join(" ") : messageOf(save.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={draft.name.trim() === ""}>
              {t("editor.save")}
            </Button>
          </Group>
        </Stack>
        <div className={classes.preview} aria-label={t("editor.preview")} role="group">
          <OwnChartView chart={shown} title={draft.name || t("editor.preview")} height={380} />
        </div>
      </form>
    </Modal>
  );
}

const firstGroup = (object: Parameters<typeof divisible>[0]): Grouping | undefined => {
  const field = divisible(object)[0];
  return field && { field: field.key, ...(isTime(field) ? { by: "month" as const } : {}) };
};

type ByProps = { title: string; object: string; value: Grouping | null | undefined; clearable?: boolean; error?: string; onChange: (value: Grouping | undefined) => void };

/** A field by which figures are divided; times by how long the steps are. */
function By({ title, object: key, value, clearable, error, onChange }: ByProps) {
  const { t } = useTranslation("charts");
  const label = useLabel();
  const object = useObject(key);
  const fields = object ? divisible(object) : [];
  const field = fields.find((one) => one.key === value?.field);
  return (
    <Group grow align="flex-start">
      <Select
        label={title}
        searchable
        clearable={clearable}
        allowDeselect={clearable}
        data={fields.map((one) => ({ value: one.key, label: label(one.label) }))}
        value={value?.field ?? null}
        error={error}
        onChange={(next) => {
          const chosen = fields.find((one) => one.key === next);
          onChange(chosen && { field: chosen.key, ...(isTime(chosen) ? { by: value?.by ?? ("month" as const) } : {}) });
        }}
      />
      {field && isTime(field) && <Select label={t("editor.step")} allowDeselect={false} data={TIME_STEPS.map((step) => ({ value: step, label: t(`steps.${step}`) }))} value={value?.by ?? "month"} onChange={(step) => onChange({ field: field.key, by: step as TimeStep })} />}
    </Group>
  );
}

function SharingPart({ value, onChange }: { value: ChartDraft["sharing"]; onChange: (value: ChartDraft["sharing"]) => void }) {
  const { t } = useTranslation("charts");
  const label = useLabel();
  const roles = useRoles();
  return (
    <Stack gap={6}>
      <SegmentedControl aria-label={t("editor.sharing")} data={(["private", "everybody", "roles"] as const).map((scope) => ({ value: scope, label: t(`scopes.${scope}`) }))} value={value.scope} onChange={(scope) => onChange({ ...value, scope: scope as typeof value.scope })} />
      {value.scope === "roles" && <MultiSelect aria-label={t("scopes.roles")} data={(roles.data?.items ?? []).map((role) => ({ value: role.key, label: label(role.name) }))} value={value.roles} onChange={(keys) => onChange({ ...value, roles: keys })} />}
    </Stack>
  );
}

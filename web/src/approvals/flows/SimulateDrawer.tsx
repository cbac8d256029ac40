import { Button, Drawer, Group, MultiSelect, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSimulation, type FlowDocument, type Trigger } from "~/api/approvalFlows";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Value } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import classes from "./flows.module.css";
import { askedIn } from "./askedIn";
import { SimulationResult } from "./SimulationResult";

/** All that was said against what was asked: of a flow that is not finished, each fault. */
const messagesOf = (error: unknown): string[] => (error instanceof ApiProblem && error.violations.length > 0 ? [...new Set(error.violations.map((it) => it.message || it.code))] : [messageOf(error)]);

type Props = { flow: FlowDocument; triggers: Trigger[]; onClose: () => void };

/** Asks which flow would catch an act and who would approve it, without starting anything; the flow in the editor stands in for the saved one. */
export function SimulateDrawer({ flow, triggers, onClose }: Props) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const object = useObject(flow.object);
  const simulation = useSimulation();
  const [act, setAct] = useState<Trigger>(flow.trigger);
  const [record, setRecord] = useState<string | null>(null);
  const [submitter, setSubmitter] = useState<string | null>(null);
  const [stage, setStage] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, Value>>({});
  const creates = act === "create" || act === "import";
  const offered = editableFields(object?.fields ?? [], creates ? "create" : "edit", flow.object);
  const [picked, setPicked] = useState<string[]>(() => offered.filter((field) => field.key === object?.name_field || askedIn(flow).has(field.key)).map((field) => field.key));
  const typed = act === "edit" || !record;
  const shown = typed ? offered.filter((field) => picked.includes(field.key)) : [];
  const stages = (object?.fields.find((field) => field.key === "stage")?.options ?? []).filter((option) => option.active);
  const run = () => {
    const fields = { ...Object.fromEntries(shown.flatMap(({ key }) => (values[key] === undefined || values[key] === "" ? [] : [[key, values[key]]]))), ...(act === "change_owner" && owner ? { owner } : {}) };
    simulation.mutate({ object: flow.object, act, flow, ...(record ? { record } : {}), ...(Object.keys(fields).length > 0 ? { fields } : {}), ...(act === "stage" && stage ? { stage } : {}), ...(submitter ? { submitter } : {}) });
  };
  return (
    <Drawer opened position="right" size={600} onClose={onClose} title={t("simulateTitle")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Stack gap="md">
          <p className={classes.hint}>{t("simulateHint")}</p>
          <div className={classes.pair}>
            <Select label={t("simulateAct")} allowDeselect={false} data={triggers.map((trigger) => ({ value: trigger, label: t(`trigger.${trigger}`) }))} value={act} onChange={(it) => it && setAct(it as Trigger)} />
            <RecordSelect object="employee" label={t("simulateSubmitter")} placeholder={t("simulateMe")} value={submitter} onChange={setSubmitter} />
            {!creates && <RecordSelect object={flow.object} label={t("simulateRecord")} value={record} onChange={setRecord} />}
            {act === "stage" && <Select label={t("simulateStage")} clearable placeholder={t("simulateNext")} data={stages.map((option) => ({ value: option.key, label: label(option.label) }))} value={stage} onChange={setStage} />}
            {act === "change_owner" && <RecordSelect object="employee" label={t("simulateOwner")} value={owner} onChange={setOwner} />}
          </div>
          {typed && (
            <>
              <MultiSelect label={t("simulateFields")} placeholder={picked.length === 0 ? t("simulateFieldsHint") : undefined} searchable hidePickedOptions data={offered.map((field) => ({ value: field.key, label: label(field.label) }))} value={picked} onChange={setPicked} />
              <FieldForm fields={shown.map((field) => ({ ...field, required: false }))} values={values} onChange={(key, value) => setValues((now) => ({ ...now, [key]: value }))} />
            </>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={simulation.isPending}>
              {t("run")}
            </Button>
          </Group>
          {simulation.isError && <GeneralFindings findings={{ byField: {}, general: messagesOf(simulation.error) }} />}
          {simulation.data && <SimulationResult object={flow.object} result={simulation.data} />}
        </Stack>
      </form>
    </Drawer>
  );
}

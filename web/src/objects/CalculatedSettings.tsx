import { NumberInput, Select, Stack, Switch } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { askFormula, useFormulaFunctions, type FormulaAnswer } from "~/api/definitions";
import { messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Field, ResultType, Violation } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { RecordSelect } from "~/fields/RecordSelect";
import { FormulaInput } from "./FormulaInput";
import type { FieldDraft } from "./fieldDraft";
import classes from "./objects.module.css";

const RESULTS: ResultType[] = ["number", "currency", "percent", "text", "boolean", "date", "datetime"];
const PAUSE = 350;

type Props = { object: string; draft: FieldDraft; errorAt: (field: string) => string | undefined; findingsAt: (field: string) => Violation[]; onChange: (change: Partial<FieldDraft>) => void };

/** A formula, what it comes to, and at once its value on a record. */
export function CalculatedSettings({ object: key, draft, errorAt, findingsAt, onChange }: Props) {
  const { t } = useTranslation("objects");
  const object = useObject(key);
  const functions = useFormulaFunctions();
  const [record, setRecord] = useState<{ id: string; name?: string }>();
  const [formula] = useDebouncedValue(draft.formula, PAUSE);
  const scaled = draft.result === "number" || draft.result === "percent";
  const question = { formula, result: draft.result, ...(scaled ? { scale: draft.scale } : {}), key: draft.key, record: record?.id };
  const answer = useQuery({
    queryKey: ["formula", key, question],
    queryFn: ({ signal }) => askFormula(key, question, signal),
    enabled: formula.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  // Of a formula that is still being written nothing is said; the words and the marks belong together.
  const upToDate = formula === draft.formula && !answer.isPlaceholderData;
  const asked = formula.trim() !== "" ? answer.data : undefined;
  const findings = upToDate && asked && !asked.ok ? asked.violations : findingsAt("formula");
  const indexable = draft.indexable;
  const judged = upToDate && asked?.ok ? asked.indexable : undefined;
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    if (judged !== undefined && judged !== indexable) tell.current({ indexable: judged });
  }, [judged, indexable]);
  const reasons = asked?.not_indexable?.map((it) => it.message).filter(Boolean).join(" ");
  if (!object) return null;

  return (
    <Stack gap="sm">
      <FormulaInput value={draft.formula} object={object} except={draft.key} functions={functions} findings={findings} onChange={(next) => onChange({ formula: next })} />
      <div className={classes.pair}>
        <Select label={t("result")} data={RESULTS.map((it) => ({ value: it, label: t(`types.${it}`) }))} allowDeselect={false} value={draft.result} error={errorAt("result")} onChange={(it) => it && onChange({ result: it as ResultType })} />
        {scaled && <NumberInput label={t("scale")} min={0} max={6} value={draft.scale} error={errorAt("scale")} onChange={(scale) => onChange({ scale: Number(scale) || 0 })} />}
      </div>
      <Switch
        label={t("indexed")}
        description={indexable ? t("indexedHint") : reasons || t("notIndexable")}
        checked={draft.indexed && indexable}
        disabled={!indexable}
        error={errorAt("indexed")}
        onChange={(event) => onChange({ indexed: event.currentTarget.checked })}
      />
      <section className={classes.preview} aria-label={t("preview")}>
        <div className={classes.previewOn}>
          <RecordSelect
            object={key}
            size="xs"
            label={t("previewOn")}
            placeholder={asked?.record?.name ?? t("newest")}
            value={record?.id ?? null}
            name={record?.name}
            onChange={(id, name) => setRecord(id ? { id, name } : undefined)}
          />
        </div>
        <div className={classes.previewValue} data-stale={!upToDate || undefined} aria-live="polite">
          {formula.trim() === "" ? (
            <span className={classes.fine}>{t("previewEmpty")}</span>
          ) : answer.isError ? (
            <span className={classes.fine}>{messageOf(answer.error)}</span>
          ) : asked?.ok ? (
            <Outcome answer={asked} draft={draft} />
          ) : null}
        </div>
      </section>
    </Stack>
  );
}

function Outcome({ answer, draft }: { answer: FormulaAnswer; draft: FieldDraft }) {
  const { t } = useTranslation("objects");
  if (!answer.record) return <span className={classes.fine}>{t("previewNone")}</span>;
  const field = { key: "preview", type: "calculated", result: draft.result, scale: draft.scale, label: draft.label } as Field;
  const blank = answer.value === null || answer.value === undefined || answer.value === "";
  return (
    <>
      {blank ? <span className={classes.blank}>{t("previewBlank")}</span> : <FieldShow field={field} value={answer.value} refs={answer.refs} />}
      {answer.note && <span className={classes.fine}>{answer.note.message || answer.note.code}</span>}
    </>
  );
}

import { Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Candidate, Offered, Part } from "~/api/leads";
import { findingsOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Refs, Violation } from "~/api/types";
import { AlikePanel } from "~/duplicates/AlikePanel";
import { useReasonWords } from "~/duplicates/useReasonWords";
import { editableFields, requiredFirst } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import type { Choice } from "./conversionParts";
import classes from "./leads.module.css";

/** Asked for though the mapping has nothing for them: what one wants to know of every new deal. */
const ALSO: Partial<Record<Part, string[]>> = { opportunity: ["amount", "expected_close_date"] };

type Props = {
  part: Part;
  offered: Offered;
  refs: Refs;
  choice: Choice;
  /** Fields that a refusal has named. */
  asked: string[];
  violations: Violation[];
  onChange: (choice: Choice) => void;
};

/** One of the things that a lead becomes: there already, new, or left out. */
export function ConversionPart({ part, offered, refs, choice, asked, violations, onChange }: Props) {
  const { t } = useTranslation("leads");
  const label = useLabel();
  const object = useObject(part);
  if (!object) return null;
  const Icon = iconOf(object);
  const wanted = new Set([...Object.keys(offered.fields), ...offered.required, ...(ALSO[part] ?? []), ...asked]);
  const fields = requiredFirst(editableFields(object.fields, "create", part).filter((field) => wanted.has(field.key)));
  const findings = findingsOf(violations, choice.how === "new" ? fields.map((field) => field.key) : []);
  const value = choice.how === "candidate" ? `id:${choice.id}` : choice.how;
  const name = label(object.label);
  const choose = (value: string) => {
    if (value.startsWith("id:")) onChange({ ...choice, how: "candidate", id: value.slice(3) });
    else onChange({ ...choice, how: value as Choice["how"], id: null });
  };
  const existing = part !== "opportunity";
  return (
    <section className={classes.part} aria-label={name}>
      <h3 className={classes.partTitle}>
        <Icon size={17} stroke={1.6} />
        {name}
      </h3>
      <GeneralFindings findings={findings} />
      <Radio.Group value={value} onChange={choose} aria-label={name}>
        <Stack gap={6}>
          {offered.candidates.map((candidate) => (
            <Radio key={candidate.id} value={`id:${candidate.id}`} label={String(candidate.fields.name ?? candidate.id)} description={<Alike candidate={candidate} refs={refs} />} />
          ))}
          {existing && <Radio value="other" label={t(`other.${part}`)} />}
          {choice.how === "other" && <RecordSelect ml={30} maw={420} object={part} aria-label={t(`other.${part}`)} value={choice.id ?? null} onChange={(id) => onChange({ ...choice, id })} />}
          {offered.may_create && <Radio value="new" label={t(`new.${part}`)} />}
          {choice.how === "new" && (
            <div className={classes.partForm}>
              <FieldForm fields={fields} values={choice.fields} refs={refs} findings={{ ...findings, general: [] }} onChange={(key, value) => onChange({ ...choice, fields: { ...choice.fields, [key]: value } })} />
              <AlikePanel object={part} fields={choice.fields} />
            </div>
          )}
          <Radio value="none" label={t(`none.${part}`)} />
        </Stack>
      </Radio.Group>
    </section>
  );
}

/** Why it may be meant, with where it is and whose. */
function Alike({ candidate, refs }: { candidate: Candidate; refs: Refs }) {
  const { t } = useTranslation("leads");
  const words = useReasonWords(candidate.alike?.rule.object ?? candidate.object);
  const nameOf = (value: unknown) => (typeof value === "string" ? (refs[value]?.name ?? "") : "");
  const { city, account, title, owner } = candidate.fields;
  const facts = [typeof title === "string" ? title : "", nameOf(account), typeof city === "string" ? city : "", nameOf(owner)].filter(Boolean);
  const reasons = candidate.alike && words(candidate.object, candidate.alike.reasons);
  const why = [reasons, ...candidate.why.map((it) => t(`alike.${it}`))].filter(Boolean).join(t("comma"));
  return <>{[why, ...facts].filter(Boolean).join(" · ")}</>;
}

import { ActionIcon, Button, Group, Select } from "@mantine/core";
import { IconArrowRight, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { PARTS, useMapping, useSaveMapping, type Mapping, type Pair, type Part } from "~/api/leads";
import { isConflict, messageOf } from "~/api/problem";
import { useObject, useObjects } from "~/api/queries";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { iconOf } from "~/shell/places";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { ChangedMeanwhile } from "./AssignmentRuleDrawer";
import classes from "./leads.module.css";

const pairsOf = ({ account, contact, opportunity }: Record<Part, Pair[]>): Record<Part, Pair[]> => ({ account, contact, opportunity });

/** Which field of a lead goes into which field of what it becomes. */
export function MappingEditor() {
  const mapping = useMapping();
  if (mapping.isError) return <ErrorState error={mapping.error} onRetry={() => void mapping.refetch()} />;
  if (!mapping.data) return <RowSkeletons rows={6} height={30} />;
  return <Editor stored={mapping.data} />;
}

function Editor({ stored }: { stored: Mapping }) {
  const { t } = useTranslation("leads");
  const [base, setBase] = useState(stored);
  const [draft, setDraft] = useState(() => pairsOf(stored));
  const save = useSaveMapping();
  const changed = JSON.stringify(draft) !== JSON.stringify(pairsOf(base));
  const present = isConflict(save.error) ? (save.error.record as unknown as Mapping | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const errorAt = (part: Part, index: number) => violations.filter((it) => (it.path ?? "").startsWith(`${part}/${index}/`)).map((it) => it.message)[0];
  const loose = save.isError && !present && violations.length === 0 ? [messageOf(save.error)] : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { version: base.version, mapping: draft },
          {
            onSuccess: (saved) => {
              setBase(saved);
              setDraft(pairsOf(saved));
              told(t("mappingSaved"));
            },
          },
        );
      }}
    >
      <p className={classes.fine}>{t("mappingHint")}</p>
      <GeneralFindings findings={{ byField: {}, general: loose }} />
      {present && <ChangedMeanwhile onTake={() => (setBase(present), setDraft(pairsOf(present)), save.reset())} onKeep={() => (setBase(present), save.reset())} />}
      <div className={classes.mapping}>
        {PARTS.map((part) => (
          <PartMapping key={part} part={part} choices={base.choices} pairs={draft[part]} errorAt={(index) => errorAt(part, index)} onChange={(pairs) => (save.isError && save.reset(), setDraft((now) => ({ ...now, [part]: pairs })))} />
        ))}
      </div>
      <Group justify="flex-end" mt="md">
        <Button type="submit" disabled={!changed} loading={save.isPending}>
          {t("save")}
        </Button>
      </Group>
      <UnsavedGuard changed={() => changed} />
    </form>
  );
}

type PartProps = { part: Part; choices: Mapping["choices"]; pairs: Pair[]; errorAt: (index: number) => string | undefined; onChange: (pairs: Pair[]) => void };

function PartMapping({ part, choices, pairs, errorAt, onChange }: PartProps) {
  const { t } = useTranslation("leads");
  const label = useLabel();
  const objects = useObjects();
  const lead = useObject("lead");
  const target = objects.find((object) => object.key === part);
  if (!lead || !target) return null;
  const Icon = iconOf(target);
  const nameIn = (object: typeof lead, key: string) => label(object.fields.find((field) => field.key === key)?.label) || key;
  const fitting = (from: string) => choices.find((choice) => choice.from === from)?.[part] ?? [];
  const sources = choices.filter((choice) => choice[part].length > 0).map((choice) => ({ value: choice.from, label: nameIn(lead, choice.from) }));
  const put = (index: number, pair: Pair) => onChange(pairs.map((it, at) => (at === index ? pair : it)));
  return (
    <section className={classes.mapped} aria-label={label(target.label)}>
      <h2 className={classes.partTitle}>
        <Icon size={17} stroke={1.6} />
        {label(target.label)}
      </h2>
      <ul className={classes.pairs}>
        {pairs.map((pair, index) => {
          const to = fitting(pair.from);
          const known = to.includes(pair.to) || pair.to === "" ? to : [pair.to, ...to];
          return (
            <li key={index} className={classes.pair}>
              <Select aria-label={t("fromField")} searchable allowDeselect={false} data={sources.some((it) => it.value === pair.from) || pair.from === "" ? sources : [{ value: pair.from, label: nameIn(lead, pair.from) }, ...sources]} value={pair.from || null} placeholder={t("fromField")} onChange={(from) => from && put(index, { from, to: fitting(from).includes(pair.to) ? pair.to : "" })} />
              <IconArrowRight size={15} aria-hidden />
              <Select aria-label={t("toField", { object: label(target.label) })} searchable allowDeselect={false} disabled={!pair.from} data={known.map((key) => ({ value: key, label: nameIn(target, key) }))} value={pair.to || null} placeholder={t("toField", { object: label(target.label) })} error={errorAt(index)} onChange={(next) => next && put(index, { ...pair, to: next })} />
              <ActionIcon aria-label={t("removePair", { name: nameIn(lead, pair.from) })} onClick={() => onChange(pairs.filter((_, at) => at !== index))}>
                <IconX size={15} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <Button variant="subtle" size="compact-sm" ml={-8} leftSection={<IconPlus size={14} />} onClick={() => onChange([...pairs, { from: "", to: "" }])}>
        {t("addPair")}
      </Button>
    </section>
  );
}

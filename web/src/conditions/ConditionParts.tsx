import { ActionIcon, Button, Group as Line, NumberInput, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import type { Condition, Field, Operator, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { Findings } from "~/processes/Findings";
import classes from "./conditions.module.css";
import { ConditionValue } from "./ConditionValue";
import { operatorWord } from "./describe";
import { fieldsToAsk, objectOf, referringOf, referringTo, resolvePath, type Referring } from "./fieldPaths";
import { FieldPicker } from "./FieldPicker";
import { conditionOfGroup, groupOf, isGroup, positionOf, type Group } from "./groups";
import { isDrawable, newRow, operatorsOf, PASSING, withOperator, type Row } from "./operators";

type Place = {
  object: string;
  /** The JSON path of what is drawn, by which the server names it. */
  position: string;
  findings: Record<string, Violation[]>;
  /** Referring records are counted one level deep only. */
  inner?: boolean;
  /** Fields across references cannot be asked about here, nor other records counted. */
  ownOnly?: boolean;
  /** A change of the record is judged here: whether a field changes can be asked. */
  judgesChange?: boolean;
  /** Nothing relative to the day or to the reader. */
  lasting?: boolean;
};

/** Kept in the row of the record itself. */
const isKept = (field: Field) => field.type !== "long_text";

/** Which of the parts must be true. */
export function JoinSelect({ group, onChange }: { group: Group; onChange: (group: Group) => void }) {
  const { t } = useTranslation("conditions");
  const value = group.not ? (group.join === "all" ? "notAll" : "notAny") : group.join;
  return (
    <Select
      size="xs"
      className={classes.join}
      aria-label={t("join")}
      allowDeselect={false}
      data={(["all", "any", "notAny", "notAll"] as const).map((key) => ({ value: key, label: t(key) }))}
      value={value}
      onChange={(key) => key && onChange({ ...group, join: key === "any" || key === "notAny" ? "any" : "all", not: key.startsWith("not"), bare: false })}
    />
  );
}

/** The lines of a group and the buttons that add to it. */
export function Parts({ group, onChange, object, position, findings, inner, ownOnly, judgesChange, lasting }: Place & { group: Group; onChange: (group: Group) => void }) {
  const { t } = useTranslation("conditions");
  const objects = useObjects();
  const first = fieldsToAsk(objectOf(objects, object)).filter((field) => !lasting || isKept(field))[0];
  const referring = inner || ownOnly ? [] : referringTo(objects, object);
  const put = (index: number, next: Condition | undefined) => onChange({ ...group, parts: next ? group.parts.map((part, at) => (at === index ? next : part)) : group.parts.filter((_, at) => at !== index) });
  // What has been added joins a frame; a condition written without one keeps none only while it is alone.
  const add = (part: Condition) => onChange({ ...group, parts: [...group.parts, part], bare: false });
  return (
    <>
      {group.parts.map((part, index) => (
        <Part key={index} condition={part} object={object} position={positionOf(group, position, index)} findings={findings} inner={inner} ownOnly={ownOnly} judgesChange={judgesChange && !inner} lasting={lasting} onChange={(next) => put(index, next)} />
      ))}
      <Line gap={4}>
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} disabled={!first} onClick={() => first && add(newRow(first.key, first))}>
          {t("addRow")}
        </Button>
        {group.parts.length > 0 && (
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconPlus size={14} />} disabled={!first} onClick={() => first && add({ [group.join === "all" ? "any" : "all"]: [newRow(first.key, first)] } as Condition)}>
            {t("addGroup")}
          </Button>
        )}
        {referring[0] && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconPlus size={14} />}
            onClick={() => {
              const [it] = referring;
              if (it) add({ exists: existsOf(it, referring) });
            }}
          >
            {t("addExists")}
          </Button>
        )}
      </Line>
    </>
  );
}

// The referring field is named where the object has several.
function existsOf({ object, field }: Referring, all: Referring[]): { object: string; via?: string } {
  return all.filter((it) => it.object.key === object.key).length > 1 ? { object: object.key, via: field.key } : { object: object.key };
}

function Part({ condition, onChange, ...place }: Place & { condition: Condition; onChange: (condition: Condition | undefined) => void }) {
  if (isGroup(condition)) return <GroupBox {...place} condition={condition} onChange={onChange} />;
  if ("exists" in condition) return <ExistsBox {...place} exists={condition.exists} onChange={onChange} />;
  if ("not" in condition) {
    const { not } = condition;
    if ("exists" in not) return <ExistsBox {...place} position={`${place.position}/not`} negated exists={not.exists} onChange={onChange} />;
    return <NotBox {...place} condition={not} onChange={onChange} />;
  }
  if ("field" in condition) return <RowBox {...place} row={condition} onChange={onChange} />;
  return <Kept condition={condition} onRemove={() => onChange(undefined)} />;
}

function RowBox({ row, object, position, findings, ownOnly, judgesChange, lasting, onChange }: Place & { row: Row; onChange: (condition: Condition | undefined) => void }) {
  const { t } = useTranslation("conditions");
  const objects = useObjects();
  const path = resolvePath(objects, object, row.field);
  const found = findings[position] ?? [];
  if (!path || !isDrawable(path.field, row)) {
    return (
      <>
        <Kept condition={row} onRemove={() => onChange(undefined)} />
        <Findings findings={found} />
      </>
    );
  }
  const possible = operatorsOf(path.field, judgesChange && !row.field.includes("."));
  const offered = [...new Set([...(lasting ? possible.filter((op) => !PASSING.has(op)) : possible), row.op])];
  return (
    <div className={classes.row} data-wrong={found.length > 0 || undefined}>
      <div className={classes.line}>
        <FieldPicker aria-label={t("field")} object={object} hops={ownOnly ? 0 : undefined} only={lasting ? isKept : undefined} value={row.field} onChange={(next) => next.key !== row.field && onChange(newRow(next.key, next.field))} />
        <Select
          size="sm"
          aria-label={t("operator")}
          data={offered.map((op) => ({ value: op, label: operatorWord(t, path.field, op) }))}
          allowDeselect={false}
          value={row.op}
          maxDropdownHeight={360}
          onChange={(op) => op && op !== row.op && onChange(withOperator(path.field, row, op as Operator))}
        />
        <div className={classes.value}>
          <ConditionValue field={path.field} row={row} onChange={(value) => onChange({ ...row, value })} />
        </div>
      </div>
      <ActionIcon mt={4} aria-label={t("removeRow")} onClick={() => onChange(undefined)}>
        <IconX size={15} />
      </ActionIcon>
      {found.length > 0 && (
        <div className={classes.found}>
          <Findings findings={found} />
        </div>
      )}
    </div>
  );
}

function GroupBox({ condition, onChange, ...place }: Place & { condition: Condition; onChange: (condition: Condition | undefined) => void }) {
  const { t } = useTranslation("conditions");
  const group = groupOf(condition);
  return (
    <div className={classes.group} role="group" aria-label={t("group")}>
      <Line justify="space-between" gap="xs">
        <JoinSelect group={group} onChange={(next) => onChange(conditionOfGroup(next))} />
        <ActionIcon aria-label={t("removeGroup")} onClick={() => onChange(undefined)}>
          <IconX size={15} />
        </ActionIcon>
      </Line>
      <Parts {...place} group={group} onChange={(next) => onChange(conditionOfGroup(next))} />
    </div>
  );
}

function NotBox({ condition, onChange, ...place }: Place & { condition: Condition; onChange: (condition: Condition | undefined) => void }) {
  const { t } = useTranslation("conditions");
  return (
    <div className={classes.group} role="group" aria-label={t("negated")}>
      <span className={classes.word}>{t("negated")}</span>
      <Part {...place} position={`${place.position}/not`} condition={condition} onChange={(next) => onChange(next && { not: next })} />
    </div>
  );
}

type Exists = Extract<Condition, { exists: unknown }>["exists"];

function ExistsBox({ exists, negated = false, object, position, findings, onChange }: Place & { exists: Exists; negated?: boolean; onChange: (condition: Condition | undefined) => void }) {
  const { t } = useTranslation("conditions");
  const label = useLabel();
  const objects = useObjects();
  const referring = referringTo(objects, object);
  const present = referringOf(objects, object, exists);
  const write = (next: Exists, not = negated) => onChange(not ? { not: { exists: next } } : { exists: next });
  if (!present) return <Kept condition={negated ? { not: { exists } } : { exists }} onRemove={() => onChange(undefined)} />;
  const key = (it: { object: { key: string }; field: { key: string } }) => `${it.object.key}.${it.field.key}`;
  const all = referring.some((it) => key(it) === key(present)) ? referring : [present, ...referring];
  const choices = all.map((it) => ({
    value: key(it),
    label: all.filter((other) => other.object.key === it.object.key).length > 1 ? `${label(it.object.plural)} (${label(it.field.label)})` : label(it.object.plural),
  }));
  const where = groupOf(exists.where);
  return (
    <div className={classes.group} role="group" aria-label={t("addExists")}>
      <div className={classes.row}>
        <div className={classes.counted}>
          <Select
            size="sm"
            aria-label={t("count")}
            allowDeselect={false}
            data={[
              { value: "at_least", label: t("countAtLeast") },
              { value: "fewer", label: t("countLess") },
            ]}
            value={negated ? "fewer" : "at_least"}
            onChange={(how) => write(exists, how === "fewer")}
          />
          <NumberInput
            size="sm"
            aria-label={t("count")}
            min={1}
            max={1000}
            allowDecimal={false}
            clampBehavior="strict"
            value={exists.at_least ?? 1}
            onChange={(count) => {
              const { at_least: _, ...rest } = exists;
              write(typeof count === "number" && count > 1 ? { ...rest, at_least: count } : rest);
            }}
          />
          <Select
            size="sm"
            aria-label={t("countOf")}
            allowDeselect={false}
            searchable
            data={choices}
            value={key(present)}
            onChange={(chosen) => {
              const it = all.find((one) => key(one) === chosen);
              if (it && key(it) !== key(present)) write({ ...existsOf(it, all), ...(exists.at_least ? { at_least: exists.at_least } : {}) });
            }}
          />
        </div>
        <ActionIcon mt={4} aria-label={t("removeRow")} onClick={() => onChange(undefined)}>
          <IconX size={15} />
        </ActionIcon>
      </div>
      <Findings findings={findings[position] ?? []} />
      <Line gap="xs">
        <span className={classes.word}>{where.parts.length > 0 ? t("countWhere") : t("countAny")}</span>
        {where.parts.length > 1 && <JoinSelect group={where} onChange={(next) => write(withWhere(exists, conditionOfGroup(next)))} />}
      </Line>
      <Parts object={exists.object} position={`${position}/exists/where`} findings={findings} inner group={where} onChange={(next) => write(withWhere(exists, conditionOfGroup(next)))} />
    </div>
  );
}

function withWhere({ where: _, ...rest }: Exists, where: Condition | undefined): Exists {
  return where ? { ...rest, where } : rest;
}

/** What this version of the screens has no drawing for: shown as it is stored, kept as it is. */
function Kept({ condition, onRemove }: { condition: unknown; onRemove: () => void }) {
  const { t } = useTranslation("conditions");
  return (
    <div className={classes.row}>
      <div className={classes.kept}>
        {t("kept")} <code>{JSON.stringify(condition)}</code>
      </div>
      <ActionIcon mt={4} aria-label={t("removeRow")} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

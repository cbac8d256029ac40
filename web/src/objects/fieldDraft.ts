import type { FieldDefinition, StatisticFunction } from "~/api/definitions";
import type { Condition, Field, FieldType, Label, Option, ResultType, Value } from "~/api/types";
import { sameValue } from "~/fields/draft";
import { valueTypeOf } from "~/fields/registry";
import { keyOfName } from "~/processes/optionKeys";
import { hasSetting } from "./fieldTypes";
import { filledLabel, noLabel } from "./keys";

/** An option with the identity that it keeps while it is renamed and moved about. */
export type OptionRow = { id: string; option: Option; added: boolean };

/** A field in the making, with all settings of all types; what is sent are those of its own. */
export type FieldDraft = {
  type: FieldType;
  /** As typed; without it the key follows the label. */
  key?: string;
  label: Label;
  help: Label;
  required: boolean;
  unique: boolean;
  fast: boolean;
  read_only: boolean;
  default: Value;
  required_when?: Condition;
  visible_when?: Condition;
  max_length: string;
  pattern: string;
  scale: number;
  min: string;
  max: string;
  options: OptionRow[];
  object: string;
  formula: string;
  result: ResultType;
  indexed: boolean;
  /** What the server says of the formula; it is not asked to store what cannot be stored. */
  indexable: boolean;
  of: string;
  via: string;
  function: StatisticFunction;
  field: string;
  condition?: Condition;
};

const LONGEST_TEXT = "255";

export function newField(type: FieldType): FieldDraft {
  return {
    type,
    label: noLabel,
    help: noLabel,
    required: false,
    unique: false,
    fast: false,
    read_only: false,
    default: undefined,
    max_length: LONGEST_TEXT,
    pattern: type === "auto_number" ? "{yyyy}-{0000}" : "",
    scale: type === "percent" ? 2 : 0,
    min: "",
    max: "",
    options: [],
    object: "",
    formula: "",
    result: "number",
    indexed: true,
    indexable: true,
    of: "",
    via: "",
    function: "count",
    field: "",
  };
}

const text = (value: unknown) => (value === null || value === undefined ? "" : String(value));

/** A stored field to work on. */
export function draftOfField(field: FieldDefinition): FieldDraft {
  return {
    ...newField(field.type),
    key: field.key,
    label: field.label,
    help: field.help ?? noLabel,
    required: field.required,
    unique: field.unique,
    fast: field.fast ?? false,
    read_only: field.read_only,
    default: (field.default ?? undefined) as Value,
    required_when: field.required_when ?? undefined,
    visible_when: field.visible_when ?? undefined,
    max_length: text(field.max_length),
    pattern: text(field.pattern),
    scale: field.scale ?? 0,
    min: text(field.min),
    max: text(field.max),
    options: (field.options ?? []).map((option) => ({ id: option.key, option, added: false })),
    object: text(field.object),
    formula: text(field.formula),
    result: field.result ?? "number",
    indexed: field.indexed ?? false,
    of: text(field.of),
    via: text(field.via),
    function: field.function ?? "count",
    field: text(field.field),
    condition: field.condition ?? undefined,
  };
}

/** The options as they are sent: those added get a key from their words. */
export function optionsOf(rows: OptionRow[]): Option[] {
  const taken = rows.filter((row) => !row.added).map((row) => row.option.key);
  return rows.map(({ option, added }) => {
    const label = filledLabel(option.label);
    if (!added) return { ...option, label };
    const key = keyOfName(option.label.en, taken, "option");
    taken.push(key);
    return { ...option, key, label };
  });
}

/** What a field of each type says besides what all fields say. */
function ofType(draft: FieldDraft): Record<string, unknown> {
  const scaled = (type: string) => (type === "number" || type === "percent" ? { scale: draft.scale } : {});
  switch (draft.type) {
    case "text":
      return { ...(draft.max_length ? { max_length: Number(draft.max_length) } : {}), pattern: draft.pattern || null };
    case "number":
      return { scale: draft.scale, min: draft.min || null, max: draft.max || null };
    case "percent":
      return { scale: draft.scale };
    case "select":
    case "multi_select":
      return { options: optionsOf(draft.options) };
    case "reference":
    case "references":
    case "master":
      return { object: draft.object };
    case "auto_number":
      return { pattern: draft.pattern };
    case "calculated":
      return { formula: draft.formula, result: draft.result, ...scaled(draft.result), indexed: draft.indexed && draft.indexable };
    case "statistical":
      return {
        of: draft.of,
        via: draft.via,
        function: draft.function,
        field: draft.function === "count" ? null : draft.field || null,
        condition: draft.condition ?? null,
      };
    default:
      return {};
  }
}

/** Fields that a function can be taken of: figures, and for the first and last of something also times. */
export function fitting(statistic: StatisticFunction, fields: Field[]): Field[] {
  const types = new Set<FieldType>(["number", "currency", "percent", ...(statistic === "min" || statistic === "max" ? (["date", "datetime"] as const) : [])]);
  return fields.filter((field) => types.has(valueTypeOf(field)) && field.filterable);
}

/** The whole field as it is sent. */
function bodyOf(draft: FieldDraft): Record<string, unknown> {
  const help = filledLabel(draft.help);
  const has = (setting: Parameters<typeof hasSetting>[1]) => hasSetting(draft.type, setting);
  return {
    type: draft.type,
    label: filledLabel(draft.label),
    help: help.en ? help : null,
    ...ofType(draft),
    ...(has("required") ? { required: draft.required } : {}),
    ...(has("unique") ? { unique: draft.unique } : {}),
    ...(has("fast") ? { fast: draft.fast } : {}),
    ...(has("read_only") ? { read_only: draft.read_only } : {}),
    ...(has("default") ? { default: draft.default ?? null } : {}),
    ...(has("conditions") ? { visible_when: draft.visible_when ?? null, ...(has("required") ? { required_when: draft.required_when ?? null } : {}) } : {}),
  };
}

/** What is sent when a field is made; settings that say nothing are left out, a key that nobody typed too. */
export function creationOf(draft: FieldDraft): Record<string, unknown> {
  return { ...(draft.key ? { key: draft.key } : {}), ...Object.fromEntries(Object.entries(bodyOf(draft)).filter(([, value]) => value !== null)) };
}

/** What has been changed against the stored field; key and type stay what they are. */
export function fieldChanges(draft: FieldDraft, stored: FieldDraft): Record<string, unknown> {
  const before = bodyOf(stored);
  const entries = Object.entries(bodyOf(draft)).filter(([key, value]) => key !== "type" && !sameValue(value as Value, before[key] as Value));
  return Object.fromEntries(entries);
}

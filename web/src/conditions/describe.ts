import type { TFunction } from "i18next";
import type { Condition, Field, Label, Language, ObjectDef } from "~/api/types";
import { labelIn } from "~/i18n";
import { formatDay, formatDecimal, formatInstant, formatMoney } from "~/ui/format";
import { objectOf, pathLabel, namedBy, referringOf, resolvePath } from "./fieldPaths";
import { arityOf, idOf, isCounted, isMap, periodOf, valueKindOf, type Row } from "./operators";

/** What the sentence needs to know beside the condition. */
export type Describing = {
  objects: ObjectDef[];
  language: Language;
  timeZone: string;
  mainCurrency: string;
  t: TFunction<"conditions">;
  /** Names of the records mentioned, by id. */
  names: Record<string, string | undefined>;
};

/** A condition as one sentence, for chips and summaries: `Account › Sector is Medical and Amount more than $1,000`. */
export function describeCondition(condition: Condition | null | undefined, object: string, with_: Describing): string {
  if (!condition) return "";
  const { t, objects, language } = with_;
  const inner = (part: Condition) => {
    const text = describeCondition(part, object, with_);
    return ("all" in part && part.all.length > 1) || ("any" in part && part.any.length > 1) ? `(${text})` : text;
  };
  if ("all" in condition) return condition.all.map(inner).join(t("sentence.and"));
  if ("any" in condition) return condition.any.map(inner).join(t("sentence.or"));
  if ("not" in condition) {
    if ("exists" in condition.not) return describeExists(condition.not.exists, object, true, with_);
    return t("sentence.not", { inner: describeCondition(condition.not, object, with_) });
  }
  if ("exists" in condition) return describeExists(condition.exists, object, false, with_);
  const path = resolvePath(objects, object, condition.field);
  if (!path) return `${condition.field} ${t(`operators.${condition.op}`)}`;
  const name = pathLabel(path, (text) => labelIn(text, language));
  return [name, operatorWord(t, path.field, condition.op), valueText(path.field, condition, with_)].filter(Boolean).join(" ");
}

/** Of days one says before and after, of numbers less and more. */
export function operatorWord(t: TFunction<"conditions">, field: Field, op: Row["op"]): string {
  const kind = valueKindOf(field);
  if ((kind === "date" || kind === "datetime") && (op === "lt" || op === "le" || op === "gt" || op === "ge")) return t(`dayOperators.${op}`);
  return t(`operators.${op}`);
}

function describeExists(exists: Extract<Condition, { exists: unknown }>["exists"], object: string, not: boolean, with_: Describing): string {
  const { t, objects, language } = with_;
  const found = referringOf(objects, object, exists);
  const named = (label: Label | undefined) => (label ? labelIn(label, language).toLowerCase() : exists.object);
  const what = t(not ? "sentence.fewer" : "sentence.atLeast", { count: exists.at_least ?? 1, object: named(found?.object.label), objects: named(found?.object.plural) });
  return exists.where ? t("sentence.where", { what, where: describeCondition(exists.where, exists.object, with_) }) : what;
}

function valueText(field: Field, row: Row, with_: Describing): string {
  const { t, names } = with_;
  const one = (value: unknown) => oneText(field, value, with_);
  switch (arityOf(valueKindOf(field), row.op)) {
    case "none":
      return "";
    case "two": {
      const [low, high] = Array.isArray(row.value) ? row.value : [];
      return t("sentence.range", { low: one(low), high: one(high) });
    }
    case "many":
      return (Array.isArray(row.value) ? row.value : [row.value]).map(one).join(t("sentence.list")) || t("sentence.nothing");
    case "period": {
      const period = periodOf(row.value);
      if (!period) return t("sentence.nothing");
      if (!isCounted(period.name)) return t(`periods.${period.name}`);
      return t(period.name === "last_n_days" ? "lastDays" : "nextDays", { n: period.n ?? 0 });
    }
    case "tree": {
      const id = idOf(row.value);
      const name = (id && names[id]) || t("sentence.someRecord");
      return isMap(row.value) && row.value.with_sub === false ? name : t("sentence.withSub", { name });
    }
    default:
      return one(row.value);
  }
}

function oneText(field: Field, value: unknown, { t, language, names, mainCurrency, timeZone }: Describing): string {
  if (value === undefined || value === null || value === "") return t("sentence.nothing");
  switch (valueKindOf(field)) {
    case "select":
    case "multi_select": {
      const option = field.options?.find((it) => it.key === value);
      return option ? labelIn(option.label, language) : String(value);
    }
    case "money": {
      const amount = isMap(value) ? String(value.amount ?? "") : String(value);
      return formatMoney({ amount, currency: isMap(value) && typeof value.currency === "string" ? value.currency : mainCurrency }, language, true);
    }
    case "number":
      return formatDecimal(String(value), language) + (field.type === "percent" ? "%" : "");
    case "boolean":
      return t(value === true ? "yes" : "no", { ns: "ui" });
    case "date":
      return formatDay(String(value), language);
    case "datetime":
      return String(value).length === 10 ? formatDay(String(value), language) : formatInstant(String(value), language, timeZone);
    case "employee":
    case "department":
    case "record":
    case "records":
    case "regarding":
    case "process": {
      const id = idOf(value);
      return (id && names[id]) || t("sentence.someRecord");
    }
    default:
      return String(value);
  }
}

/** The records whose names the sentence says, by object. */
export function recordsIn(condition: Condition | null | undefined, object: string, objects: ObjectDef[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (part: Condition | null | undefined, at: string) => {
    if (!part) return;
    if ("all" in part) return part.all.forEach((it) => visit(it, at));
    if ("any" in part) return part.any.forEach((it) => visit(it, at));
    if ("not" in part) return visit(part.not, at);
    if ("exists" in part) return visit(part.exists.where, part.exists.object);
    const field = resolvePath(objects, at, part.field)?.field;
    if (!field) return;
    const values = Array.isArray(part.value) ? part.value : [part.value];
    for (const value of values) {
      const id = idOf(value);
      const target = namedBy(field) ?? (field.type === "process" ? "process" : isMap(value) ? String(value.object) : undefined);
      if (id && target && (target === "process" || objectOf(objects, target)) && !found[target]?.includes(id)) (found[target] ??= []).push(id);
    }
  };
  visit(condition, object);
  return found;
}

import { useTranslation } from "react-i18next";
import type { Condition, Label } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel } from "~/i18n";
import { optionsOf, type FieldDraft } from "./fieldDraft";

const NAMES: Partial<Record<keyof FieldDraft, string>> = {
  label: "label", help: "help", required: "required", unique: "unique", fast: "fast", read_only: "readOnly", default: "default", required_when: "requiredWhen", visible_when: "visibleWhen", max_length: "maxLength",
  pattern: "pattern", scale: "scale", min: "min", max: "max", options: "options", object: "target", formula: "formula", result: "result", indexed: "indexed", of: "of", via: "of", function: "function", field: "ofField",
  condition: "condition",
};
const ON_ANOTHER = new Set(["condition"]);

/** What a setting is called. */
export function useSettingName() {
  const { t } = useTranslation("objects");
  return (key: string) => t((NAMES[key as keyof FieldDraft] ?? key) as "label");
}

/** A setting's value as one reads it. */
export function SettingWords({ object, draft, setting }: { object: string; draft: FieldDraft; setting: string }) {
  const { t } = useTranslation("objects");
  const { t: ui } = useTranslation("ui");
  const label = useLabel();
  const value = draft[setting as keyof FieldDraft];
  const condition = setting.endsWith("_when") || setting === "condition" ? ((value as Condition | undefined) ?? null) : null;
  const say = useConditionText(ON_ANOTHER.has(setting) ? draft.of || object : object, condition);
  if (setting === "label" || setting === "help") return <>{[(value as Label).en, (value as Label)["zh-CN"]].filter(Boolean).join(" · ") || "–"}</>;
  if (setting === "options") return <>{optionsOf(draft.options).map((option) => label(option.label)).join(", ") || "–"}</>;
  if (setting === "function") return <>{t(`statistics.${draft.function}`)}</>;
  if (setting === "result") return <>{t(`types.${draft.result}`)}</>;
  if (typeof value === "boolean") return <>{ui(value ? "yes" : "no")}</>;
  if (condition) return <>{say(condition)}</>;
  if (value === undefined || value === null || value === "") return <>–</>;
  return setting === "formula" ? <code>{draft.formula}</code> : <>{typeof value === "object" ? JSON.stringify(value) : String(value)}</>;
}

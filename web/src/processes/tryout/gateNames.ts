import { useTranslation } from "react-i18next";
import { useObject, useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import type { Gate } from "./tryout";

/** So many moves or deals, in the reader's language. */
export function useCounted() {
  const { t } = useTranslation("tryout");
  const language = useLanguage();
  return (what: "moves" | "deals", count: number) => t(what, { count, n: formatDecimal(count, language, 0) });
}

/** Stages by their labels. */
export function useStageName() {
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  return {
    name: (key: string) => label(options.find((option) => option.key === key)?.label) || key,
    type: (key: string) => options.find((option) => option.key === key)?.stage_type ?? "in_progress",
  };
}

/** What a gate is called in few words; what it asks for, the server says in full. */
export function useGateName() {
  const { t } = useTranslation("tryout");
  const label = useLabel();
  const stage = useStageName();
  const objects = useObjects();
  const fields = useObject("opportunity")?.fields ?? [];
  return (gate: Gate): string => {
    const text = (key: string) => (typeof gate.params[key] === "string" ? gate.params[key] : "");
    const object = objects.find((it) => it.key === text("object"));
    const field = fields.find((it) => it.key === (text("field") || gate.path));
    switch (gate.code) {
      case "stage.task_open":
        return t("gate.task", { name: text("name") });
      case "stage.completion_condition":
        return t("gate.completion");
      case "stage.entry_condition":
        return t("gate.entry");
      case "stage.missing_field":
      case "stage.terminal_action":
        return object ? t("gate.record", { name: label(object.label) }) : t("gate.field", { name: label(field?.label) || gate.path || "" });
      case "stage.not_skippable":
        return t("gate.notSkippable");
      case "stage.prerequisite_stage":
        return t("gate.prerequisite", { name: ((gate.params.stages ?? []) as string[]).map(stage.name).join(", ") });
      case "stage.back_forbidden":
        return t("gate.back");
      case "stage.unknown":
        return t("gate.unknown");
      case "process.not_permitted":
        return t("gate.process");
      default:
        return gate.message;
    }
  };
}

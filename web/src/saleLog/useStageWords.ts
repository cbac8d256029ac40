import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { StageType } from "~/api/types";
import { useLabel } from "~/i18n";
import { en } from "./texts";

/** What stages, and gates that were passed by, are called. */
export function useStageWords() {
  const { t } = useTranslation("saleLog");
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const optionOf = (key: string) => options.find((option) => option.key === key);
  return {
    stage: (key: string) => label(optionOf(key)?.label) || key,
    typeOf: (key: string): StageType => optionOf(key)?.stage_type ?? "in_progress",
    /** Codes as `stage.task_open`, each told once. */
    gates: (codes: string[]) => {
      const known = [...new Set(codes)].map((code) => code.replace(/^stage\./, ""));
      return known.map((code) => (code in en.gate ? t(`gate.${code as keyof typeof en.gate}`) : code)).join(" · ");
    },
  };
}

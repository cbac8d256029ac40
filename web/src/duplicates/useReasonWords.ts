import { useTranslation } from "react-i18next";
import type { Reason } from "~/api/duplicates";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { reasonWords } from "./matches";

/** Says why records are alike in the reader's language; `own` is the object whose record met the others. */
export function useReasonWords(own: string) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const objects = useObjects();
  const nameOf = (object: string, field: string) => label(objects.find((it) => it.key === object)?.fields.find((it) => it.key === field)?.label) || field;
  return (other: string, reasons: Reason[]) =>
    reasonWords(reasons, (reason) => ({ own: nameOf(own, reason.field), other: nameOf(other, reason.other) }), {
      equal: (field) => t("reasonEqual", { field }),
      alike: (field, score) => t("reasonAlike", { field, score }),
      across: (a, b) => t("reasonAcross", { own: a, other: b }),
      and: t("reasonAnd"),
    });
}

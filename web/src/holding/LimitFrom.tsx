import { useTranslation } from "react-i18next";
import type { LimitFrom as From } from "~/api/holdings";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";

/** Where a limit comes from, where it is no plain number. */
export function LimitFrom({ from, before = "" }: { from: From; before?: string }) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const employee = useObject("employee");
  if (from === "number") return null;
  const field = label(from.label) || label(employee?.fields.find((it) => it.key === from.field)?.label) || from.field;
  return (
    <>
      {before}
      {t("limitFrom", { field })}
    </>
  );
}

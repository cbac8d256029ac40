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
  const key = typeof from === "string" ? from : from.field;
  const field = (typeof from === "string" ? "" : label(from.label)) || label(employee?.fields.find((it) => it.key === key)?.label) || key;
  return (
    <>
      {before}
      {t("limitFrom", { field })}
    </>
  );
}

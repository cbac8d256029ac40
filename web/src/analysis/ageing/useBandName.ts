import { useTranslation } from "react-i18next";
import type { Ageing } from "~/api/outcomes";

/** A span of days, in words. */
export function useBandName() {
  const { t } = useTranslation("ageing");
  return ({ from_days: from, to_days: to }: Ageing["bands"][number]): string => (to === null || to === undefined ? t("longer", { days: from - 1 }) : t("days", { from, to }));
}

import { useTranslation } from "react-i18next";
import type { ForecastOf, ForecastRow } from "~/api/forecast";
import { useMe } from "~/api/queries";

/** What a line is called: by name, or by what it is. */
export function useRowName(of: ForecastOf) {
  const { t } = useTranslation("forecast");
  const { organisation } = useMe();
  const whole = of.kind === "organisation" ? organisation.name : (of.name ?? "…");
  return (row: ForecastRow): string => {
    switch (row.kind) {
      case "own":
        return t("ownOf", { name: row.name ?? whole });
      case "elsewhere":
        return t("elsewhere");
      case "nobody":
        return t("nobody");
      case "total":
        return t("totalOf", { name: whole });
      default:
        return row.name ?? "…";
    }
  };
}

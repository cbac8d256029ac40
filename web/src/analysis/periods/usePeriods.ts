import { useMe } from "~/api/queries";
import { useLanguage } from "~/i18n";
import { today } from "~/ui/format";
import { periodName, type Period } from "./periods";

/** The month with which the organisation's fiscal year begins, and the day that it is there. */
export function useFiscal() {
  const { organisation } = useMe();
  return { fiscalStart: organisation.fiscal_year_start_month || 1, day: today(organisation.time_zone) };
}

export function usePeriodName() {
  const language = useLanguage();
  const { fiscalStart } = useFiscal();
  return (period: Period, long = false) => periodName(period, language, fiscalStart, long);
}

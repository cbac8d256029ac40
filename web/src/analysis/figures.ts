import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";
import { formatDecimal, formatMoney, formatMoneyCompact } from "~/ui/format";
import { durationOf } from "./longDuration";

/** What stands where there is no figure. */
export const NONE = "–";

type Maybe<T> = T | null | undefined;

/** Figures as text, in the reader's language; a dash where there is none. */
export function useFigures() {
  const { t } = useTranslation("analysis");
  const language = useLanguage();
  return useMemo(
    () => ({
      count: (value: Maybe<number | string>) => (value === null || value === undefined ? NONE : formatDecimal(value, language)),
      amount: (value: Maybe<string>, currency: string) => (value === null || value === undefined ? NONE : formatMoney({ amount: value, currency }, language, true)),
      /** An amount where room is short. */
      compact: (value: Maybe<string>, currency: string) => (value === null || value === undefined ? NONE : formatMoneyCompact({ amount: value, currency }, language)),
      percent: (value: Maybe<string | number>) => (value === null || value === undefined ? NONE : t("percent", { value: formatDecimal(value, language) })),
      /** "x days x hours x minutes x seconds". */
      duration: (seconds: Maybe<number>) => {
        if (seconds === null || seconds === undefined) return NONE;
        const parts = durationOf(seconds);
        return (["days", "hours", "minutes", "seconds"] as const).map((unit) => t(`unit.${unit}`, { count: parts[unit] })).join(t("unit.between"));
      },
    }),
    [t, language],
  );
}

export type Figures = ReturnType<typeof useFigures>;

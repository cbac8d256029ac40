import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HealthPart } from "~/api/health";
import { useLanguage } from "~/i18n";
import { formatDecimal, formatInstant } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { useBytes } from "./useBytes";

/** Params that are counts of bytes. */
const BYTES = ["free", "size", "held"];

/** Words what there is to say of a part. */
export function useSaid(): (part: HealthPart) => ReactNode {
  const { t, i18n } = useTranslation("health");
  const bytes = useBytes();
  const language = useLanguage();
  const timeZone = useTimeZone();
  return ({ says, params }) => {
    const worded = Object.entries(params).map(([key, value]) => {
      if (typeof value === "number") return [key, BYTES.includes(key) ? bytes(value) : formatDecimal(value, language)];
      if (Array.isArray(value)) return [key, value.join(", ")];
      if (key === "at" && typeof value === "string") return [key, formatInstant(value, language, timeZone)];
      return [key, value];
    });
    const seconds = typeof params.seconds === "number" ? params.seconds : 0;
    const minutes = formatDecimal(Math.round(seconds / 60), language);
    // What a newer server says is told by its code rather than not at all.
    return i18n.exists(`health:says.${says}`) ? String(t(`says.${says}` as "says.jobs.ok", { ...Object.fromEntries(worded), minutes })) : says;
  };
}

import { useLanguage } from "~/i18n";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Says how many bytes something is, in the unit that leaves few digits. */
export function useBytes(): (bytes: number) => string {
  const language = useLanguage();
  return (bytes) => {
    const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
    const value = bytes / 1024 ** step;
    return new Intl.NumberFormat(language, { style: "unit", unit: UNITS[step], unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  };
}

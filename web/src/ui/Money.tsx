import type { MoneyValue } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatMoney, formatMoneyCompact } from "./format";

type Props = { value: MoneyValue | null | undefined; compact?: boolean; short?: boolean };

/** An amount in its currency; the compact form keeps the exact one as its title. */
export function Money({ value, compact, short }: Props) {
  const language = useLanguage();
  if (!value) return null;
  const exact = formatMoney(value, language, short);
  return (
    <span className="money" title={compact ? exact : undefined}>
      {compact ? formatMoneyCompact(value, language) : exact}
    </span>
  );
}

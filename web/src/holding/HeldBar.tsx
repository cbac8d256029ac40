import { useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./holding.module.css";
import { fullness, toneOf, type Filled } from "./usage";

type Props = Filled & { /** Who or which rule, for those who do not see the bar. */ name: string; /** How many of them are one's own, of a limit that several share. */ mine?: number; /** Without the figures beside it. */ bare?: boolean };

/** How much is held of how much may be: a bar with its figures. */
export function HeldBar({ limit, held, name, mine, bare }: Props) {
  const { t } = useTranslation("holding");
  const language = useLanguage();
  const number = (value: number) => formatDecimal(value, language);
  const part = fullness({ limit, held });
  const own = mine !== undefined && held > 0 ? part * Math.min(1, mine / held) : undefined;
  const said = limit === null ? t("usageFree", { name, held: number(held) }) : t("usageOf", { name, held: number(held), limit: number(limit) });
  return (
    <span className={classes.held}>
      <span className={classes.bar} data-tone={toneOf({ limit, held })} role="img" aria-label={said}>
        <span className={classes.filled} style={{ width: `${part * 100}%` }} data-shared={own !== undefined || undefined} />
        {own !== undefined && <span className={classes.filled} style={{ width: `${own * 100}%` }} />}
      </span>
      {!bare && (
        <span className={classes.figures} aria-hidden>
          {limit === null ? t("holdsFree", { held: number(held) }) : t("of", { held: number(held), limit: number(limit) })}
        </span>
      )}
    </span>
  );
}

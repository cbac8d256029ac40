import { useDebouncedValue } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useHoldingCheck, type CheckAsked } from "~/api/holdings";
import type { Value } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { isHeld } from "./held";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { byRoom, ruleOf } from "./usage";

const TYPING = 400;
const SHOWN = 3;

type Props = { object: string; /** Who would get it; oneself when absent. */ person?: string | null; name?: string; /** What a new record would have. */ fields?: Record<string, Value>; records?: string[] };

/** How much the receiver has of what he may have, quietly, before anything is asked. Nothing where no limit holds. */
export function RoomHint({ object, person, name, fields, records }: Props) {
  const { t } = useTranslation("holding");
  const language = useLanguage();
  const said = JSON.stringify({ object, ...(person ? { person } : {}), ...(fields ? { fields } : {}), ...(records ? { records } : {}) });
  const [asked] = useDebouncedValue(said, TYPING);
  const check = useHoldingCheck(JSON.parse(asked) as CheckAsked, isHeld(object));
  const limited = (check.data?.rules ?? []).filter((room) => room.limit !== null).sort(byRoom);
  if (limited.length === 0) return null;
  return (
    <p className={classes.hint} role="status">
      <span>{name ? t("receiverHas", { name }) : t("youHave")}</span>
      {limited.slice(0, SHOWN).map((room) => {
        const rule = ruleOf(room);
        return (
          <span key={`${rule.id} ${room.subject?.id}`} className={classes.held}>
            <span>
              {t("of", { held: formatDecimal(room.held, language), limit: formatDecimal(room.limit ?? 0, language) })} · {rule.name}
            </span>
            <HeldBar bare limit={room.limit} held={room.held} name={rule.name} />
          </span>
        );
      })}
    </p>
  );
}

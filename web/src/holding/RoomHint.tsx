import { useDebouncedValue } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useHoldingCheck, useMyHoldings, type CheckAsked, type Holding } from "~/api/holdings";
import { useObject } from "~/api/queries";
import type { Value } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { isHeld } from "./held";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { byRoom } from "./usage";

const TYPING = 400;
const SHOWN = 3;

type Props = { object: string; /** Who would get it; oneself when absent. */ person?: string; name?: string; /** What a new record would have. */ fields?: Record<string, Value>; records?: string[] };

/** How much the receiver has of what he may have, quietly, before anything is asked. Nothing where no limit holds. */
export function RoomHint({ object, person, name, fields, records }: Props) {
  // Of others one may ask who may give them something.
  const gives = useObject(object)?.acts.some((act) => act === "change_owner" || act === "assign") ?? false;
  if (!isHeld(object)) return null;
  return person ? gives && <OfAnother asked={{ object, person, ...(fields ? { fields } : {}), ...(records ? { records } : {}) }} name={name} /> : <Own object={object} />;
}

function Own({ object }: { object: string }) {
  const { t } = useTranslation("holding");
  const holdings = useMyHoldings(object);
  return <Rooms who={t("youHave")} rooms={holdings.data?.items} />;
}

function OfAnother({ asked, name = "…" }: { asked: CheckAsked; name?: string }) {
  const { t } = useTranslation("holding");
  const [settled] = useDebouncedValue(JSON.stringify(asked), TYPING);
  const check = useHoldingCheck(JSON.parse(settled) as CheckAsked);
  return <Rooms who={t("receiverHas", { name })} rooms={check.data?.rules} />;
}

function Rooms({ who, rooms = [] }: { who: string; rooms?: Holding[] }) {
  const { t } = useTranslation("holding");
  const language = useLanguage();
  const limited = rooms.filter((room) => room.limit !== null).sort(byRoom);
  if (limited.length === 0) return null;
  const number = (value: number) => formatDecimal(value, language);
  return (
    <p className={classes.hint} role="status">
      <span>{who}</span>
      {limited.slice(0, SHOWN).map((room) => {
        const { id, name } = room.rule;
        return (
          <span key={`${id} ${room.subject.id}`} className={classes.held}>
            <HeldBar bare limit={room.limit} held={room.held} name={name} />
            <span aria-hidden>
              {t("of", { held: number(room.held), limit: number(room.limit ?? 0) })} · {name}
            </span>
          </span>
        );
      })}
    </p>
  );
}

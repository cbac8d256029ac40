import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import type { Violation } from "~/api/types";
import { Frees } from "./Frees";
import classes from "./holding.module.css";
import { noRoomOf } from "./refusal";
import { RuleRooms } from "./RuleRooms";

/** Of so many receivers it is told what would free room. */
const SHOWN = 3;
/** Records that one asks about at a time. */
const MOST = 1_000;
type Told = Violation[] | null | undefined;
/** One that was refused; `record` where it is there already. */
type Refused = { violations: Told; record?: string };

/** Of one among many that were refused: the rules under which there is no room for it. */
export function RulesMet({ violations }: { violations: Told }) {
  const { t } = useTranslation("holding");
  const rules = noRoomOf(violations)?.rules ?? [];
  return rules.length > 0 ? <RuleRooms label={t("metRules")} rooms={rules} /> : null;
}

/** Below many that were refused: what would free room, once for each person and rule in whose way they were. */
export function FreesOfMany({ object, refused }: { object: string; refused: Refused[] }) {
  const me = useMe().person.id;
  const asked = new Map<string, { object: string; person?: string; rule: string; of?: string; records: string[] }>();
  for (const { violations, record } of refused) {
    const refusal = noRoomOf(violations);
    const tightest = refusal?.rules[0];
    if (!refusal || !tightest) continue;
    const key = `${refusal.person} ${tightest.rule.id}`;
    const other = refusal.person === me ? undefined : refusal.person;
    const of = (other && refusal.rules.find((it) => it.subject.id === other)?.subject.name) ?? undefined;
    const one = asked.get(key) ?? { object: refusal.object ?? object, person: other, rule: tightest.rule.id, of, records: [] };
    asked.set(key, { ...one, records: record && one.records.length < MOST ? [...one.records, record] : one.records });
  }
  if (asked.size === 0) return null;
  return (
    <div className={classes.freesOfMany}>
      {[...asked].slice(0, SHOWN).map(([key, { rule, records, ...one }]) => (
        // All of them are asked for together, since some may have room.
        <Frees key={key} {...one} {...(records.length > 0 ? { records } : { rule })} />
      ))}
    </div>
  );
}

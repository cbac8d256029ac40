import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import type { Violation } from "~/api/types";
import { Frees } from "./Frees";
import classes from "./holding.module.css";
import { noRoomOf } from "./refusal";
import { RuleRooms } from "./RuleRooms";

/** Of so many receivers it is told what would free room. */
const SHOWN = 3;
type Told = Violation[] | null | undefined;

/** Of one among many that were refused: the rules under which there is no room for it. */
export function RulesMet({ violations }: { violations: Told }) {
  const { t } = useTranslation("holding");
  const rules = noRoomOf(violations)?.rules ?? [];
  return rules.length > 0 ? <RuleRooms label={t("metRules")} rooms={rules} /> : null;
}

/** Below many that were refused: what would free room, once for each person and rule in whose way they were. */
export function FreesOfMany({ object, refused }: { object: string; refused: Told[] }) {
  const me = useMe().person.id;
  const asked = new Map<string, Parameters<typeof Frees>[0]>();
  for (const refusal of refused.flatMap((violations) => noRoomOf(violations) ?? [])) {
    const [tightest] = refusal.rules;
    if (!tightest) continue;
    const other = refusal.person === me ? undefined : refusal.person;
    const of = (other && refusal.rules.find((it) => it.subject.id === other)?.subject.name) ?? undefined;
    asked.set(`${refusal.person} ${tightest.rule.id}`, { object: refusal.object ?? object, person: other, rule: tightest.rule.id, of });
  }
  if (asked.size === 0) return null;
  return (
    <div className={classes.freesOfMany}>
      {[...asked].slice(0, SHOWN).map(([key, one]) => (
        <Frees key={key} {...one} />
      ))}
    </div>
  );
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useHoldingCheck, type CheckAsked, type Checked, type Freeing } from "~/api/holdings";
import { Instant } from "~/ui/Instant";
import classes from "./holding.module.css";

type Props = Pick<CheckAsked, "object" | "person" | "rule" | "records"> & { /** Whose name is said. */ of?: string };

/** What would free room for somebody, for oneself when no person is named: under a rule, or for all of some records. */
export function Frees({ object, person, rule, records, of }: Props) {
  const check = useHoldingCheck({ object, ...(person ? { person } : {}), ...(rule ? { rule } : {}), ...(records ? { records } : {}) });
  return check.data ? <FreeList object={object} check={check.data} of={of} /> : null;
}

/** Those of the person's records that have been left alone the longest: closing or returning one makes room. */
export function FreeList({ object, check: { frees, allowed }, of }: { object: string; check: Pick<Checked, "frees" | "allowed">; of?: string }) {
  const { t } = useTranslation("holding");
  return (
    <>
      <h4>{of ? t("freesFor", { name: of }) : t("frees")}</h4>
      {frees.length === 0 ? (
        <p className={classes.fine}>{t(allowed ? "hasRoomNow" : "freesNone")}</p>
      ) : (
        <>
          <p className={classes.fine}>{t("freesHint")}</p>
          <ul className={classes.frees} aria-label={of ? t("freesFor", { name: of }) : t("frees")}>
            {frees.map((one) => (
              <FreeLine key={one.id} object={object} one={one} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function FreeLine({ object, one }: { object: string; one: Freeing }) {
  const { t } = useTranslation("holding");
  const since = one.stale_since ?? one.last_followed_at;
  return (
    <li>
      <Link to="/o/$object/$id" params={{ object, id: one.id }} target="_blank">
        {one.name ?? t("outOfSight", { ns: "fields" })}
      </Link>
      <span className={classes.fine}>
        {since ? (
          <>
            {t("stale")} <Instant value={since} relative />
          </>
        ) : (
          t("never")
        )}
      </span>
    </li>
  );
}

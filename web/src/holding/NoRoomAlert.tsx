import { IconGaugeFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useHoldingCheck, type CheckAsked, type Freeing, type RuleRoom } from "~/api/holdings";
import { useMe } from "~/api/queries";
import type { Refs } from "~/api/types";
import { Instant } from "~/ui/Instant";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { LimitFrom } from "./LimitFrom";
import type { NoRoom } from "./refusal";
import { ruleOf } from "./usage";
import { WaitForRoom } from "./WaitForRoom";

type Props = { refusal: NoRoom; /** Of which records, where the refusal does not say. */ object?: string; /** What was asked for, where it is there already. */ record?: string };

/** There is no room: every rule in the way, what would free room, and the line to wait in. */
export function NoRoomAlert({ refusal, object: asked, record }: Props) {
  const { t } = useTranslation("holding");
  const me = useMe();
  const object = refusal.object ?? asked ?? "opportunity";
  const person = refusal.person ?? me.person.id;
  const own = person === me.person.id;
  const name = refusal.rules.find((it) => it.subject?.id === person)?.subject.name;
  return (
    <div className={classes.refusal} role="alert" tabIndex={-1}>
      <h3>
        <IconGaugeFilled size={17} aria-hidden />
        {own || !name ? t("refusedTitle") : t("refusedFor", { name })}
      </h3>
      <p style={{ margin: 0 }}>{refusal.message}</p>
      {refusal.rules.length > 0 && <MetRules rules={refusal.rules} />}
      <Frees object={object} person={own ? undefined : person} />
      {own && <WaitForRoom object={object} record={record} />}
    </div>
  );
}

/** The rules that were looked at, with how full each is. */
export function MetRules({ rules, refs = {} }: { rules: RuleRoom[]; refs?: Refs }) {
  const { t } = useTranslation("holding");
  return (
    <ul className={classes.met}>
      {rules.map((room) => {
        const { id, name } = ruleOf(room);
        const shared = room.subject && room.subject.object !== "employee";
        const subject = room.subject?.name ?? refs[room.subject?.id]?.name;
        return (
          <li key={`${id} ${room.subject?.id}`}>
            <span className={classes.name}>{name}</span>
            <HeldBar limit={room.limit} held={room.held} name={name} />
            {(shared || room.asked > 1 || room.limit_from !== "number") && (
              <span className={classes.fine}>
                {[shared && subject ? t("sharedWith", { name: subject }) : "", room.asked > 1 ? t("asked", { count: room.asked }) : ""].filter(Boolean).join(" · ")}
                <LimitFrom from={room.limit_from} before={shared || room.asked > 1 ? " · " : ""} />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Those of the person's records that have been left alone the longest: closing or returning one makes room. */
export function Frees({ object, person }: { object: string; person?: string }) {
  const { t } = useTranslation("holding");
  const asked: CheckAsked = { object, ...(person ? { person } : {}) };
  const check = useHoldingCheck(asked);
  if (!check.data) return null;
  const { frees, allowed } = check.data;
  return (
    <>
      <h4>{t("frees")}</h4>
      {frees.length === 0 ? (
        <p className={classes.fine}>{t(allowed ? "hasRoomNow" : "freesNone")}</p>
      ) : (
        <>
          <p className={classes.fine}>{t("freesHint")}</p>
          <ul className={classes.frees} aria-label={t("frees")}>
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

import { IconGaugeFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { Frees } from "./Frees";
import classes from "./holding.module.css";
import type { NoRoom } from "./refusal";
import { RuleRooms } from "./RuleRooms";
import { WaitForRoom } from "./WaitForRoom";

type Props = { refusal: NoRoom; /** Of which records, where the refusal does not say. */ object?: string; /** What was asked for, where it is there already. */ record?: string };

/** There is no room: every rule in the way, what would free room under the tightest, and the line to wait in. */
export function NoRoomAlert({ refusal, object: asked, record }: Props) {
  const { t } = useTranslation("holding");
  const me = useMe();
  const object = refusal.object ?? asked ?? "opportunity";
  const person = refusal.person ?? me.person.id;
  const own = person === me.person.id;
  const [tightest] = refusal.rules;
  const name = refusal.rules.find((it) => it.subject.id === person)?.subject.name;
  return (
    <div className={classes.refusal} role="alert" tabIndex={-1}>
      <h3>
        <IconGaugeFilled size={17} aria-hidden />
        {own || !name ? t("refusedTitle") : t("refusedFor", { name })}
      </h3>
      <p style={{ margin: 0 }}>{refusal.message}</p>
      {refusal.rules.length > 0 && <RuleRooms label={t("metRules")} rooms={refusal.rules} />}
      <Frees object={object} person={own ? undefined : person} rule={tightest?.rule.id} />
      {own && <WaitForRoom object={object} record={record} rules={refusal.rules.map((room) => room.rule.id)} />}
    </div>
  );
}

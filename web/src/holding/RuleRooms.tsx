import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { LimitFrom } from "./LimitFrom";
import type { RuleRoom } from "./refusal";
import { RoomWord } from "./RoomWord";

type Props = { rooms: RuleRoom[]; refs?: Refs; label: string; /** Say of which records each rule is, where they are of several objects. */ mixed?: boolean };

/** Rules one under the other: each with what is held of what may be, and how much room is left. */
export function RuleRooms({ rooms, refs = {}, label, mixed }: Props) {
  return (
    <ul className={classes.met} aria-label={label}>
      {rooms.map((room) => (
        <Line key={`${room.rule.id} ${room.subject.id}`} room={room} refs={refs} mixed={mixed} />
      ))}
    </ul>
  );
}

function Line({ room, refs, mixed }: { room: RuleRoom; refs: Refs; mixed?: boolean }) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const objects = useObjects();
  const { name } = room.rule;
  const subject = room.subject.name ?? refs[room.subject.id]?.name;
  const asked = room.asked ?? 0;
  const object = mixed ? label(objects.find((it) => it.key === room.object)?.plural) : "";
  const said = [object, room.subject.object !== "employee" && subject ? t("sharedWith", { name: subject }) : "", asked > 1 ? t("asked", { count: asked }) : ""].filter(Boolean).join(" · ");
  return (
    <li>
      <span className={classes.name}>{name}</span>
      <HeldBar limit={room.limit} held={room.held} name={name} />
      <RoomWord limit={room.limit} held={room.held} />
      {(said || room.limit_from !== "number") && (
        <span className={classes.fine}>
          {said}
          <LimitFrom from={room.limit_from} before={said && " · "} />
        </span>
      )}
    </li>
  );
}

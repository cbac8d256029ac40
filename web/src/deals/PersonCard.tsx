import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDots, IconMoodEmpty, IconPencil, IconSitemap, IconThumbDown, IconThumbUp, IconUserMinus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ObjectDef, Option } from "~/api/types";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import type { RoleChange } from "./api";
import { Choice, type Offered } from "./Choice";
import { weightOf, type Person } from "./map";
import classes from "./map.module.css";

const SIGNS: Record<string, typeof IconThumbUp> = { supporter: IconThumbUp, neutral: IconMoodEmpty, opponent: IconThumbDown };

export type CardProps = {
  object: ObjectDef;
  person: Person;
  /** Everybody in the map, to report to. */
  people: Person[];
  nameOf: (person: Person) => string;
  mayEdit: boolean;
  mayVoid: boolean;
  /** Drawn under the pointer while dragging: a picture, nothing to press. */
  picture?: boolean;
  onChange?: (change: RoleChange) => void;
  onEdit?: (person: Person) => void;
  onRemove?: (person: Person) => void;
};

/** Somebody in the map: what he is in this deal, how he stands, how much he counts, and whom he reports to. */
export function PersonCard({ object, person, people, nameOf, mayEdit, mayVoid, picture, onChange, onEdit, onRemove }: CardProps) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const name = nameOf(person);
  const fieldOf = (key: string) => object.fields.find((field) => field.key === key);
  const optionOf = (key: "role" | "attitude" | "influence"): Option | undefined => fieldOf(key)?.options?.find((option) => option.key === person[key]);
  const offeredOf = (key: "role" | "attitude" | "influence"): Offered[] => {
    const field = fieldOf(key);
    const options: Offered[] = (field?.options ?? []).filter((option) => option.active || option.key === person[key]).map((option) => ({ value: option.key, label: label(option.label) }));
    return field?.required ? options : [...options, { value: null, label: t("notKnown") }];
  };
  const writes = (key: string) => mayEdit && !picture && fieldOf(key)?.access === "write";
  const choose = (field: RoleChange["field"]) => (writes(field) && onChange ? (value: string | null) => onChange({ person, field, value }) : undefined);
  const attitude = optionOf("attitude");
  const influence = optionOf("influence");
  const role = optionOf("role");
  const above = people.find((one) => one.id === person.reports_to);
  const Sign = SIGNS[person.attitude ?? ""];
  const weight = weightOf(person);
  const others = people.filter((one) => one.id !== person.id).map((one) => ({ value: one.id, label: nameOf(one) }));

  return (
    <div className={classes.card} data-attitude={person.attitude ?? undefined} data-picture={picture || undefined}>
      <div className={classes.top}>
        <Avatar name={name} size={30} />
        <div className={classes.who}>
          {person.contact && person.name && !picture ? (
            <Link to="/o/$object/$id" params={{ object: "contact", id: person.contact }} className={classes.name} draggable={false}>
              {name}
            </Link>
          ) : (
            <span className={classes.name}>{name}</span>
          )}
          {person.title && <span className={classes.title}>{person.title}</span>}
        </div>
        {!picture && (
          <div className={classes.acts}>
            {fieldOf("reports_to") && writes("reports_to") && (
              <Choice label={t("reportsTo", { name, value: above ? nameOf(above) : t("nobody") })} value={person.reports_to ?? null} offered={[{ value: null, label: t("nobodyChoice") }, ...others]} onChoose={choose("reports_to")} className={classes.icon}>
                <IconSitemap size={15} stroke={1.7} aria-hidden />
              </Choice>
            )}
            {(mayEdit || mayVoid) && (
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("more", { name })}>
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {mayEdit && (
                    <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onEdit?.(person)}>
                      {t("editAll")}
                    </Menu.Item>
                  )}
                  {mayVoid && (
                    <Menu.Item color="var(--danger)" leftSection={<IconUserMinus size={15} />} onClick={() => onRemove?.(person)}>
                      {t("remove")}
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
            )}
          </div>
        )}
      </div>
      {fieldOf("role") && (
        <Choice label={t("role", { name, value: role ? label(role.label) : t("unknown") })} value={person.role ?? null} offered={offeredOf("role")} onChoose={choose("role")} className={classes.role}>
          {role ? label(role.label) : t("roleUnknown")}
        </Choice>
      )}
      <div className={classes.marks}>
        {fieldOf("attitude") && (
          <Choice label={t("attitude", { name, value: attitude ? label(attitude.label) : t("unknown") })} value={person.attitude ?? null} offered={offeredOf("attitude")} onChoose={choose("attitude")} className={classes.attitude}>
            {Sign && <Sign size={13} stroke={1.9} aria-hidden />}
            {attitude ? label(attitude.label) : t("attitudeUnknown")}
          </Choice>
        )}
        {fieldOf("influence") && (
          <Choice label={t("influence", { name, value: influence ? label(influence.label) : t("unknown") })} value={person.influence ?? null} offered={offeredOf("influence")} onChoose={choose("influence")} className={classes.influence}>
            <span className={classes.bars} aria-hidden>
              {[1, 2, 3].map((step) => (
                <span key={step} data-on={step <= weight || undefined} />
              ))}
            </span>
            {influence ? label(influence.label) : t("influenceUnknown")}
          </Choice>
        )}
      </div>
      {person.note && (
        <Tooltip label={person.note} multiline maw={320} openDelay={400}>
          <p className={classes.note}>{person.note}</p>
        </Tooltip>
      )}
    </div>
  );
}

import { Badge, Text } from "@mantine/core";
import { IconBan, IconEyeOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Refs, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { AlikeActs } from "./AlikeActs";
import classes from "./duplicates.module.css";
import type { Alike } from "./matches";
import { Score } from "./Score";
import { useReasonWords } from "./useReasonWords";

type Props = {
  alike: Alike;
  refs: Refs;
  /** Say that it stands in the way. */
  marked?: boolean;
};

/** A record that is alike: what it is, how alike and why, what of it is shown, and what one can do about it. */
export function AlikeLine({ alike, refs, marked = true }: Props) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const object = useObject(alike.object);
  const say = useReasonWords(alike.own);
  const Icon = iconOf(object ?? alike.object);
  const nameField = object?.name_field ?? "name";
  const told = alike.name || alike.fields[nameField];
  const name = typeof told === "string" && told ? told : t("unnamed", { object: label(object?.label).toLowerCase() });
  const owner = alike.owner ? refs[alike.owner]?.name : undefined;
  // The pools are the options of the field.
  const pool = alike.pool ? label(object?.fields.find((it) => it.key === "pool")?.options?.find((it) => it.key === alike.pool)?.label) || refs[alike.pool]?.name : undefined;
  const shown = Object.entries(alike.fields).flatMap(([key, value]: [string, Value]) => {
    const field = object?.fields.find((it) => it.key === key);
    return field && key !== nameField && key !== "owner" && key !== "pool" && !isEmpty(value) ? [{ field, value }] : [];
  });
  return (
    <li className={classes.alike} data-verdict={marked ? alike.verdict : undefined}>
      <span className={classes.alikeIcon} title={label(object?.label)}>
        <Icon size={17} stroke={1.6} aria-label={label(object?.label)} />
      </span>
      <div className={classes.alikeWhat}>
        <div className={classes.alikeHead}>
          {alike.id && alike.can.includes("open") ? (
            <Link to="/o/$object/$id" params={{ object: alike.object, id: alike.id }} target="_blank" className={classes.alikeName}>
              {name}
            </Link>
          ) : (
            <span className={classes.alikeName}>{name}</span>
          )}
          <Score value={alike.score} />
          {marked && alike.verdict === "block" && (
            <span className={classes.blocks}>
              <IconBan size={13} stroke={1.9} aria-hidden />
              {t("blocks")}
            </span>
          )}
          {alike.voided && (
            <Badge size="sm" color="red">
              {t("inBin")}
            </Badge>
          )}
          {!alike.visible && (
            <Text span size="xs" c="dimmed" className={classes.unseen}>
              <IconEyeOff size={13} stroke={1.7} aria-hidden />
              {t("unseen")}
            </Text>
          )}
        </div>
        <p className={classes.reasons}>{say(alike.object, alike.reasons)}</p>
        {(shown.length > 0 || owner || pool) && (
          <dl className={classes.shown}>
            {shown.map(({ field, value }) => (
              <div key={field.key}>
                <dt>{label(field.label)}</dt>
                <dd>
                  <FieldShow dense field={field} value={value} refs={refs} />
                </dd>
              </div>
            ))}
            {owner && (
              <div>
                <dt>{t("owner")}</dt>
                <dd>{owner}</dd>
              </div>
            )}
            {pool && (
              <div>
                <dt>{t("pool")}</dt>
                <dd>{pool}</dd>
              </div>
            )}
          </dl>
        )}
        <AlikeActs alike={alike} name={name} owner={owner} />
      </div>
    </li>
  );
}

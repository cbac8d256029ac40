import { Badge, UnstyledButton } from "@mantine/core";
import { IconArrowRight, IconChevronDown, IconExternalLink } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "~/api/schema";
import { useObjects } from "~/api/queries";
import type { Rec, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Instant } from "~/ui/Instant";
import classes from "./audit.module.css";

export type Item = components["schemas"]["AuditItem"];
type Refs = NonNullable<Rec["refs"]>;

/** One line of the log, with what it tells folded below it. */
export function AuditEntry({ item, refs }: { item: Item; refs: Refs }) {
  const { t } = useTranslation("audit");
  const label = useLabel();
  const [open, setOpen] = useState(false);
  const body = useId();
  const object = useObjects().find((it) => it.key === item.object);
  const word = (group: "acts" | "kinds", key: string) => t(`${group}.${key}` as "acts.edit", { defaultValue: key.replaceAll("_", " ") });
  const who = refs[item.by]?.name ?? (item.via === "system" ? t("product") : t("someone"));
  const named = item.record ? refs[item.record]?.name : undefined;
  const what = named ?? item.subject;
  const kind = item.kind === "record" || item.kind === "" ? (object ? label(object.label) : (item.object ?? "")) : word("kinds", item.kind);
  const title = `${who} ${word("acts", item.act)} ${kind} ${what}`;

  return (
    <li className={classes.entry} data-refused={item.outcome === "refused" || undefined}>
      <UnstyledButton className={classes.line} aria-expanded={open} aria-controls={body} aria-label={t("details", { what: title })} onClick={() => setOpen(!open)}>
        <span className={classes.when}>
          <Instant value={item.at} />
        </span>
        <span className={classes.who}>
          <Avatar name={who} size={22} />
          <span>{who}</span>
        </span>
        <span className={classes.what}>
          <span>{word("acts", item.act)}</span> <span className={classes.kind}>{kind}</span> {what && <strong>{what}</strong>}
          {!what && item.record && <em>{t("gone")}</em>}
          {item.times > 1 && <span className={classes.kind}> · {t("times", { times: item.times })}</span>}
        </span>
        <span className={classes.outcome}>{item.outcome === "refused" && <Badge color="red">{t("refused")}</Badge>}</span>
        <IconChevronDown className={classes.fold} data-open={open || undefined} size={16} stroke={1.7} aria-hidden />
      </UnstyledButton>
      {open && (
        <div className={classes.body} id={body}>
          {item.codes.length > 0 && (
            <p className={classes.codes}>
              {item.codes.map((code) => (
                <code key={code}>{code}</code>
              ))}
            </p>
          )}
          {item.reason && <p className={classes.reason}>{item.reason}</p>}
          <ul className={classes.changes}>
            {item.changes.map((change) => {
              const field = object?.fields.find((it) => it.key === change.field);
              const show = (value: Value) => (isEmpty(value) ? t("emptied") : field ? <FieldShow field={field} value={value} refs={refs} /> : String(value));
              return <Change key={change.field} name={field ? label(field.label) : change.field} old={show(change.old as Value)} now={show(change.new as Value)} />;
            })}
            <Detail detail={item.detail} />
          </ul>
          {item.changes.length === 0 && !item.detail && item.codes.length === 0 && !item.reason && <p className={classes.kind}>{t("nothing")}</p>}
          <p className={classes.place}>
            {t(`via.${item.via}` as "via.api", { defaultValue: item.via })}
            {item.token && <> · {t("token", { name: item.token })}</>}
            {item.address && (
              <>
                {" · "}
                <span className="figures">{item.address}</span>
              </>
            )}
            {item.agent && <> · {item.agent}</>}
          </p>
          {item.record && named && object && (
            <Link className={classes.link} to="/o/$object/$id" params={{ object: object.key, id: item.record }}>
              <IconExternalLink size={14} stroke={1.7} aria-hidden /> {t("open")}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}

function Change({ name, old, now }: { name: string; old: React.ReactNode; now: React.ReactNode }) {
  const { t } = useTranslation("audit");
  return (
    <li>
      <span className={classes.name}>{name}</span>
      <span className={classes.old}>
        <span className="visually-hidden">{t("was")} </span>
        {old}
      </span>
      <IconArrowRight size={13} aria-label={t("became")} />
      <span>{now}</span>
    </li>
  );
}

/** What an act tells besides: places of a definition that differ, and whatever else it has. */
function Detail({ detail }: { detail: unknown }) {
  const { t } = useTranslation("audit");
  if (typeof detail !== "object" || detail === null) return null;
  const { changes, ...rest } = detail as { changes?: { path: string; old: unknown; new: unknown }[] };
  const plain = (value: unknown) => (value === null || value === undefined ? t("emptied") : typeof value === "string" ? value : JSON.stringify(value));
  return (
    <>
      {(changes ?? []).map((change) => (
        <Change key={change.path} name={change.path} old={plain(change.old)} now={plain(change.new)} />
      ))}
      {Object.entries(rest)
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <li key={name}>
            <span className={classes.name}>{name.replaceAll("_", " ")}</span>
            <span>{plain(value)}</span>
          </li>
        ))}
    </>
  );
}

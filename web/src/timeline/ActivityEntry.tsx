import { IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Rec, Refs } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Through } from "~/records/Through";
import { Instant } from "~/ui/Instant";
import { EntryActs } from "./EntryActs";
import { InPlace } from "./InPlace";
import { Plain } from "./MentionText";
import classes from "./Timeline.module.css";
import { useVoiding } from "./useVoiding";

type Props = { about: Rec; activity: Rec; by?: string | null; at: string; token?: string | null | undefined; refs: Refs };

/** A call, a visit, an e-mail or a note, with what is next. */
export function ActivityEntry({ about, activity, by, at, token, refs }: Props) {
  const { t } = useTranslation("timeline");
  const label = useLabel();
  const object = useObject("activity");
  const [editing, setEditing] = useState(false);
  const remove = useVoiding();
  const names = { ...refs, ...activity.refs };
  const value = (key: string) => activity.fields[key];
  const text = (key: string) => (typeof value(key) === "string" && value(key) !== "" ? String(value(key)) : undefined);
  const field = (key: string) => object?.fields.find((it) => it.key === key);
  const name = text("name") ?? "";
  const person = text("owner") ?? by ?? undefined;
  const contact = text("contact");
  const kind = label(field("activity_type")?.options?.find((option) => option.key === value("activity_type"))?.label);
  const files = field("files");
  const outcome = field("outcome");
  // An untitled one is named by its first line, or by its kind: neither is said twice.
  const titled = name !== kind && !text("content")?.startsWith(name.replace(/…$/, ""));

  if (editing && object) {
    return (
      <div className={classes.card}>
        <InPlace object={object} record={activity} about={about} refs={names} onClose={() => setEditing(false)} />
      </div>
    );
  }
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{(person && names[person]?.name) || t("someone")}</strong> · {kind}
          {contact && names[contact] && (
            <>
              {" · "}
              <Link to="/o/$object/$id" params={{ object: "contact", id: contact }}>
                {names[contact].name}
              </Link>
            </>
          )}
          <Through token={token} />
        </span>
        <span className={classes.when}>
          <Instant value={at} clock />
        </span>
        <EntryActs name={name} onEdit={activity.can?.includes("edit") ? () => setEditing(true) : undefined} onDelete={activity.can?.includes("void") ? () => void remove(activity, name) : undefined} />
      </div>
      {titled && <h4 className={classes.subject}>{name}</h4>}
      {text("content") && (
        <p className={classes.body}>
          <Plain text={text("content")!} />
        </p>
      )}
      {outcome && !isEmpty(value("outcome")) && (
        <div className={classes.facts}>
          <FieldShow field={outcome} value={value("outcome")} refs={names} dense />
        </div>
      )}
      {(text("next_step") || text("next_step_at")) && (
        <p className={classes.next}>
          <IconArrowRight size={14} stroke={1.8} aria-hidden style={{ alignSelf: "center" }} />
          <b>{t("next")}</b>
          <span>{text("next_step")}</span>
          {text("next_step_at") && (
            <span style={{ color: "var(--ink-soft)" }}>
              <Instant value={text("next_step_at")} />
            </span>
          )}
        </p>
      )}
      {files && !isEmpty(value("files")) && (
        <div className={classes.facts}>
          <FieldShow field={files} value={value("files")} refs={names} />
        </div>
      )}
    </article>
  );
}

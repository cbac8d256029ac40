import { Button } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError, isConflict } from "~/api/problem";
import { useEditComment, useUntold, type RecordComment } from "~/api/timeline";
import type { Rec, Refs } from "~/api/types";
import { useLanguage } from "~/i18n";
import { Through } from "~/records/Through";
import { Instant } from "~/ui/Instant";
import { CommentInput } from "./CommentInput";
import { EntryActs } from "./EntryActs";
import forms from "./forms.module.css";
import { markupOf, typedOf } from "./mentions";
import { MentionText } from "./MentionText";
import classes from "./Timeline.module.css";
import { useDeleting } from "./useDeleting";

/** What somebody has written about the record. */
export function CommentEntry({ about, comment, refs, asked }: { about: Pick<Rec, "object" | "id">; comment: RecordComment; refs: Refs; /** The address leads to it. */ asked: boolean }) {
  const { t } = useTranslation("timeline");
  const language = useLanguage();
  const [editing, setEditing] = useState(false);
  const { gone, remove } = useDeleting(about);
  const who = (comment.by && refs[comment.by]?.name) || t("someone");
  const blind = useUntold(comment.id);
  if (gone(comment.id)) return null;
  if (editing) return <EditComment about={about} comment={comment} onClose={() => setEditing(false)} />;
  const name = t("commentOf", { who });
  return (
    <article className={classes.card} aria-label={name} data-asked={asked || undefined}>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{who}</strong> {t("commented")}
          <Through token={comment.token} />
        </span>
        <span className={classes.when}>
          {comment.edited_at && <>{t("edited")} · </>}
          <Instant value={comment.at} clock />
        </span>
        <EntryActs name={name} onEdit={comment.can.edit ? () => setEditing(true) : undefined} onDelete={comment.can.delete ? () => remove(comment.id) : undefined} />
      </div>
      <div className={classes.body}>
        <MentionText text={comment.text} />
      </div>
      {blind.length > 0 && (
        <p className={classes.blind}>
          <IconEyeOff size={14} stroke={1.7} aria-hidden />
          {t("notTold", { count: blind.length, names: new Intl.ListFormat(language).format(blind) })}
        </p>
      )}
    </article>
  );
}

function EditComment({ about, comment, onClose }: { about: Pick<Rec, "object" | "id">; comment: RecordComment; onClose: () => void }) {
  const { t } = useTranslation("timeline");
  const [written, setWritten] = useState(() => typedOf(comment.text));
  const save = useEditComment(about.object, about.id);
  const findings = isConflict(save.error) ? { byField: {} as Record<string, string[]>, general: [t("meanwhile")] } : findingsOfError(save.error, ["text"]);
  const submit = () => {
    const text = markupOf(written.text.trim(), written.mentions);
    if (text === comment.text) onClose();
    else if (!save.isPending) save.mutate({ comment, text }, { onSuccess: onClose });
  };
  return (
    <form
      className={classes.card}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <CommentInput
        object={about.object}
        id={about.id}
        label={t("editComment")}
        value={written}
        onChange={setWritten}
        onSubmit={submit}
        onEscape={onClose}
        error={[...(findings.byField["text"] ?? []), ...findings.general].join(" ") || undefined}
        autoFocus
      />
      <div className={forms.foot}>
        <Button variant="default" onClick={onClose}>
          {t("cancel", { ns: "ui" })}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t("save", { ns: "ui" })}
        </Button>
      </div>
    </form>
  );
}

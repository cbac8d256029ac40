import { Alert, Button } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { undoMerge, useMerges, type MergeTold } from "~/api/merging";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import { useLanguage } from "~/i18n";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { formatInstant } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { useMergeNotices } from "./useMergeNotices";

const mark = <IconArrowMerge size={18} stroke={1.7} />;

/** Of a record that has become one with another: where it leads. Of the other: what came into it, as long as that can be undone. */
export function MergeNotice({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("merging");
  const may = object.acts.includes("merge");
  const merges = useMerges(object.key, record.id, may && !record.merged_into);
  const into = record.merged_into;
  if (into) {
    return (
      <Alert icon={mark} variant="light">
        {into.id ? (
          <>
            {t("becameOne")}{" "}
            <Link to="/o/$object/$id" params={{ object: into.object, id: into.id }}>
              {into.name}
            </Link>
            .
          </>
        ) : (
          t("becameOneHidden")
        )}
      </Alert>
    );
  }
  const open = merges.data?.items.filter((merge) => merge.winner === record.id && merge.can.includes("undo")) ?? [];
  return (
    <>
      {open.map((merge) => (
        <OpenMerge key={merge.id} merge={merge} refs={merges.data?.refs ?? {}} />
      ))}
    </>
  );
}

function OpenMerge({ merge, refs }: { merge: MergeTold; refs: Refs }) {
  const { t } = useTranslation("merging");
  const language = useLanguage();
  const timeZone = useTimeZone();
  const notices = useMergeNotices();
  const [asking, setAsking] = useState(false);
  const names = merge.losers.map((id) => `“${refs[id]?.name ?? t("someRecord")}”`).join(", ");
  const when = (value: string) => formatInstant(value, language, timeZone);
  return (
    <Alert icon={mark} variant="light" color="gray">
      {t("inThis", { names, when: when(merge.at) })} {t("openUntil", { when: when(merge.undo_until) })}{" "}
      <Button size="compact-sm" variant="default" ml={6} onClick={() => setAsking(true)}>
        {t("undoMerge")}
      </Button>
      <ConfirmDialog opened={asking} onClose={() => setAsking(false)} title={t("undoTitle")} text={t("undoText", { names })} confirm={t("undoMerge")} onConfirm={async () => notices.unmerged(await undoMerge(merge.id))} />
    </Alert>
  );
}

import { Tooltip } from "@mantine/core";
import { IconRubberStamp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Rec, Refs } from "~/api/types";
import classes from "./approvals.module.css";
import { useWaits } from "./useWords";

type Props = { record: Rec; /** The names of a list or a board. */ refs?: Refs; /** In the line of something else, in as few words as will do. */ short?: boolean };

/** That a record of a list or a board waits for an approval; for what, and with whom that lies, is told of it. */
export function WaitsMark({ record, ...rest }: Props) {
  return record.approval ? <Mark record={record} approval={record.approval} {...rest} /> : null;
}

function Mark({ record, approval, refs, short }: Props & { approval: NonNullable<Rec["approval"]> }) {
  const { t } = useTranslation("approvals");
  const told = useWaits(approval, refs ?? record.refs);
  const returned = approval.state === "returned";
  return (
    <Tooltip label={told} multiline maw={280}>
      <span className={classes.waits} data-returned={returned || undefined} data-short={short} role="img" aria-label={told}>
        <IconRubberStamp size={13} stroke={1.8} aria-hidden />
        <span className={classes.waitsWord}>{t(`${returned ? "returned" : "waits"}${short ? "Short" : ""}`)}</span>
      </span>
    </Tooltip>
  );
}

import { IconAlertTriangle, IconArrowsSplit2, IconChecklist, IconCircleCheck, IconCircleX, IconGitBranch, IconPlayerPlay, IconUserCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FlowNode } from "~/api/approvalFlows";
import type { Violation } from "~/api/types";
import classes from "./flows.module.css";

const ICONS = { start: IconPlayerPlay, approve: IconUserCheck, branch: IconGitBranch, fork: IconArrowsSplit2, join: IconArrowsSplit2, task: IconChecklist, approved: IconCircleCheck, rejected: IconCircleX };

type Props = { node: FlowNode; name: string; about: string; faults: Violation[]; opened: boolean; onOpen: () => void; onRemove?: () => void };

/** A step as it stands in the drawing, with what is wrong in it. Delete takes it out. */
export function NodeCard({ node, name, about, faults, opened, onOpen, onRemove }: Props) {
  const { t } = useTranslation("flows");
  const { type } = node.does;
  const Icon = ICONS[type];
  const said = [...new Set(faults.map((it) => it.message || it.code))];
  const text = (
    <>
      <Icon size={18} stroke={1.7} aria-hidden className={classes.cardIcon} />
      <span className={classes.cardText}>
        <span className={classes.cardName}>{name}</span>
        {node.name && !["start", "approved", "rejected"].includes(type) && <span className={classes.cardKind}>{t(`kind.${type}`)}</span>}
        {about && <span className={classes.cardAbout}>{about}</span>}
      </span>
    </>
  );
  return (
    <div className={classes.cardPlace} data-node={node.key}>
      <button
        type="button"
        className={classes.card}
        data-type={type}
        data-wrong={faults.length > 0 || undefined}
        data-opened={opened || undefined}
        onClick={onOpen}
        onKeyDown={(event) => {
          if (onRemove && event.key === "Delete") {
            event.preventDefault();
            onRemove();
          }
        }}
      >
        {text}
      </button>
      {said.length > 0 && (
        <div className={classes.cardFaults} role="alert">
          {said.map((it) => (
            <p key={it}>
              <IconAlertTriangle size={13} aria-hidden /> {it}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

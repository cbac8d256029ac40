import { Badge, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecord } from "~/api/queries";
import type { Path, Rec, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { MoveForm } from "./MoveForm";
import { StageDot } from "./StageDot";
import classes from "./path.module.css";
import { isClosed, pathQuery } from "./useMove";

interface Props {
  /** The opportunity. */
  id: string;
  /** Where to; left out, the person chooses first. */
  to?: string;
  /** What the server has already said against it. */
  violations?: Violation[];
  onMoved?: (record: Rec) => void;
  onClose: (moved: boolean) => void;
}

/** Asks for what a move needs: the stage, missing fields, a reason; and tells what else stands in the way. */
export function MoveDialog({ id, to, violations, onMoved, onClose }: Props) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const record = useRecord("opportunity", id);
  const path = useQuery(pathQuery(id));
  const [chosen, setChosen] = useState(to);
  const name = String(record.data?.fields["name"] ?? "");
  const target = path.data?.stages.find((stage) => stage.key === chosen);
  const error = record.error ?? path.error;

  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      size="lg"
      title={target ? `${name} → ${label(target.label)}` : t("moveMenu", { name })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {error && <ErrorState compact error={error} />}
      {!error && (!record.data || !path.data) && <RowSkeletons rows={4} />}
      {record.data && path.data && !target && <Targets path={path.data} onChoose={setChosen} />}
      {record.data && path.data && target && (
        <MoveForm
          key={isClosed(path.data) ? "reopen" : target.key}
          record={record.data}
          path={path.data}
          target={target}
          violations={chosen === to ? violations : undefined}
          onBack={to ? undefined : () => setChosen(undefined)}
          onTarget={setChosen}
          onMoved={(moved) => {
            onMoved?.(moved);
            onClose(true);
          }}
          onCancel={() => onClose(false)}
        />
      )}
    </Modal>
  );
}

function Targets({ path, onChoose }: { path: Path; onChoose: (stage: string) => void }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const closed = isClosed(path);
  // A closed deal only goes back into the process; from one end to another there is no way but through it.
  const offered = path.stages.filter((stage) => !closed || stage.type === "in_progress" || stage.key === path.current);
  const here = offered.findIndex((stage) => stage.key === path.current);
  const first = offered[here + 1] ?? offered[0];
  return (
    <div>
      <p style={{ margin: "0 0 8px" }}>{t("chooseStage")}</p>
      <ul className={classes.targets}>
        {offered.map((stage) => (
          <li key={stage.key}>
            <button type="button" className={classes.target} disabled={stage.key === path.current} data-autofocus={stage === first || undefined} onClick={() => onChoose(stage.key)}>
              <StageDot type={stage.type} />
              <span className={classes.targetName}>{label(stage.label)}</span>
              {stage.key === path.current && <Badge color="gray">{t("current")}</Badge>}
              {stage.key !== path.current && !stage.reachable && <Badge className={classes.blocked}>{t("blocked")}</Badge>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

import { Switch } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFlows } from "~/api/approvalFlows";
import type { ProcessStage } from "~/api/processes";
import { useMe } from "~/api/queries";
import classes from "./pipelines.module.css";

type Props = { stage: ProcessStage; onChange: (change: Partial<ProcessStage>) => void };

/** Whether deals leave the stage only when somebody has agreed, and which approval flows would see to that. */
export function StageApproval({ stage, onChange }: Props) {
  const { t } = useTranslation("flows");
  const me = useMe();
  const needed = stage.approval ?? false;
  const flows = useFlows(me.admin && needed);
  const catching = (flows.data?.items ?? []).filter((flow) => flow.object === "opportunity" && flow.trigger === "stage" && flow.active && (flow.stages.length === 0 || flow.stages.includes(stage.stage)));
  return (
    <>
      <Switch label={t("stageApproval")} description={t("stageApprovalHint")} checked={needed} onChange={(event) => onChange({ approval: event.currentTarget.checked })} />
      {needed && flows.data && (
        <p className={classes.fine} role="status" data-warn={catching.length === 0 || undefined}>
          {catching.length === 0 ? (
            <>
              {t("stageNoFlow")}{" "}
              <Link to="/admin/approval-flows/$flow" params={{ flow: "new" }} search={{ object: "opportunity", trigger: "stage", stage: stage.stage }}>
                {t("stageNewFlow")}
              </Link>
            </>
          ) : (
            <>
              {t("stageFlows")}{" "}
              {catching.map((flow, index) => (
                <span key={flow.id}>
                  {index > 0 && t("comma")}
                  <Link to="/admin/approval-flows/$flow" params={{ flow: flow.id }}>
                    {flow.name}
                  </Link>
                </span>
              ))}
            </>
          )}
        </p>
      )}
    </>
  );
}

import { Badge, Button, Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFlowVersions, type Flow, type FlowVersion } from "~/api/approvalFlows";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./flows.module.css";

/** A flow as it was saved, time after time: by whom and when, and the way back to it. */
export function VersionsDrawer({ flow, onTake, onClose }: { flow: Flow; onTake: (version: FlowVersion) => void; onClose: () => void }) {
  const { t } = useTranslation("flows");
  const versions = useFlowVersions(flow.id, flow.version);
  const items = [...(versions.data?.items ?? [])].sort((a, b) => b.version - a.version);
  return (
    <Drawer opened position="right" size={520} onClose={onClose} title={t("versions")}>
      <p className={classes.hint}>{t("versionsHint")}</p>
      {versions.isError && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isPending && <RowSkeletons rows={3} height={48} />}
      <ol className={classes.versions} aria-label={t("versions")}>
        {items.map((version) => (
          <li key={version.version} className={classes.version}>
            <div className={classes.what}>
              <span className={classes.name}>{t("version", { version: version.version })}</span> {version.version === flow.version && <Badge size="sm">{t("current")}</Badge>}
              <p className={classes.fine}>
                {versions.data?.refs[version.by]?.name ?? "…"} · <Instant value={version.at} /> · {t("steps", { count: version.flow.nodes.filter((node) => !["start", "join", "approved", "rejected"].includes(node.does.type)).length })}
              </p>
            </div>
            {version.version !== flow.version && (
              <Button size="compact-sm" variant="default" onClick={() => onTake(version)}>
                {t("takeVersion")}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Drawer>
  );
}

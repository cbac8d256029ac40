import { Badge, Button } from "@mantine/core";
import { IconChevronRight, IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { revertTo, useVersion, useVersions, type Process, type ProcessVersion } from "~/api/processes";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { Differences } from "./Differences";
import classes from "./pipelines.module.css";
import type { useDrawing } from "./useDrawing";

type Props = { id: string; published: Process | null; drawing: ReturnType<typeof useDrawing>; onAnew: () => Promise<void> };

/** The published versions of a process: by whom and when, what each changed, how many deals obey it, and the way back. */
export function Versions({ id, published, drawing, onAnew }: Props) {
  const { t } = useTranslation("pipelines");
  const versions = useVersions(id, published !== null);
  const [opened, setOpened] = useState<number>();
  const [reverting, setReverting] = useState<number>();
  if (!published) {
    return (
      <EmptyState icon={<IconHistory size={32} stroke={1.4} />} title={t("neverPublished")}>
        {t("neverPublishedHint")}
      </EmptyState>
    );
  }
  if (versions.isError) return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <RowSkeletons rows={4} height={44} />;
  const isDraft = drawing.version() > 0 || drawing.state.status !== "saved";
  return (
    <>
      <ol className={classes.versions} aria-label={t("tabs.versions")}>
        {versions.data.items.map((version) => (
          <Row
            key={version.version}
            version={version}
            by={versions.data.refs?.[version.by]?.name}
            opened={opened === version.version}
            onToggle={() => setOpened(opened === version.version ? undefined : version.version)}
            onRevert={() => setReverting(version.version)}
          >
            <What id={id} version={version.version} published={published} />
          </Row>
        ))}
      </ol>
      <ConfirmDialog
        opened={reverting !== undefined}
        onClose={() => setReverting(undefined)}
        title={t("revertTitle", { version: reverting })}
        text={t(isDraft ? "revertOverDraft" : "revertText")}
        confirm={t("revert")}
        danger={isDraft}
        onConfirm={async () => {
          if (reverting === undefined) return;
          await drawing.flush();
          await revertTo(id, reverting, drawing.version() || undefined);
          drawing.forget();
          told(t("reverted", { version: reverting }));
          await onAnew();
        }}
      />
    </>
  );
}

type RowProps = { version: ProcessVersion; by: string | undefined; opened: boolean; onToggle: () => void; onRevert: () => void; children: React.ReactNode };

function Row({ version, by, opened, onToggle, onRevert, children }: RowProps) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const stageName = (key: string) => label(options.find((it) => it.key === key)?.label) || key;
  const name = t("version", { version: version.version });
  return (
    <li className={classes.version}>
      <div className={classes.versionHead}>
        <button type="button" className={classes.versionName} aria-expanded={opened} onClick={onToggle}>
          <IconChevronRight size={15} aria-hidden data-open={opened || undefined} />
          {name}
        </button>
        {version.current && <Badge>{t("currentVersion")}</Badge>}
        <span className={classes.fine}>
          {Date.parse(version.at) > 0 ? (
            <>
              <Instant value={version.at} relative /> · {by ?? t("somebody")}
            </>
          ) : (
            t("shipped")
          )}
        </span>
        <span className={classes.versionFacts}>
          {version.version > 1 && <span>{t("changed", { count: version.changes })}</span>}
          <span>{t("openDeals", { count: version.open })}</span>
          {version.running && version.version > 1 && <span>{t(`ran.${version.running}`)}</span>}
        </span>
        {!version.current && (
          <Button variant="default" size="compact-sm" aria-label={t("revertTo", { version: version.version })} onClick={onRevert}>
            {t("revert")}
          </Button>
        )}
      </div>
      {version.note && <p className={classes.versionNote}>{version.note}</p>}
      {version.moved.map(({ stage, to, count }) => (
        <p key={stage} className={`${classes.versionNote} ${classes.fine}`}>
          {t("wereMoved", { count, stage: stageName(stage), to: stageName(to) })}
        </p>
      ))}
      {opened && <div className={classes.versionWhat}>{children}</div>}
    </li>
  );
}

function What({ id, version, published }: { id: string; version: number; published: Process }) {
  const { t } = useTranslation("pipelines");
  const found = useVersion(id, version);
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <RowSkeletons rows={2} height={20} />;
  if (version === 1) return <p className={classes.fine}>{t("firstVersion", { count: found.data.process.stages.length })}</p>;
  if (found.data.differences.length === 0) return <p className={classes.fine}>{t("changesNone")}</p>;
  return <Differences differences={found.data.differences} processes={[found.data.process, published]} />;
}

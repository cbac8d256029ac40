import { Alert, Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Process } from "~/api/processes";
import { Meanwhile } from "~/objects/Meanwhile";
import { compare } from "./compare";
import { sayValue } from "./sayings";
import type { useDrawing } from "./useDrawing";
import { useSayings } from "./useSayings";

type Props = { drawing: ReturnType<typeof useDrawing>; published: Process | null; onAnew: () => Promise<void> };

/** Somebody else keeps a draft of the same process: both are told, and which shall hold is asked. Nothing is lost until then. */
export function DraftConflict({ drawing, published, onAnew }: Props) {
  const { t } = useTranslation("pipelines");
  const [busy, setBusy] = useState(false);
  const { state, process, keepMine, takeTheirs, forget } = drawing;
  const theirs = state.status === "conflict" ? (state.present ?? null) : null;
  const differences = theirs ? compare(theirs.process, process) : [];
  const words = useSayings(differences, process, theirs?.process, published);
  if (state.status !== "conflict") return null;
  const keep = async () => {
    setBusy(true);
    await keepMine().finally(() => setBusy(false));
  };
  if (!theirs) {
    return (
      <Alert variant="light" color="orange" role="alert" mb="sm" title={t("draftGone")}>
        <p style={{ margin: "0 0 8px" }}>{t("draftGoneText")}</p>
        <Group gap="sm">
          <Button size="compact-md" loading={busy} onClick={() => void keep()}>
            {t("keepMine")}
          </Button>
          <Button size="compact-md" variant="default" onClick={() => (forget(), void onAnew())}>
            {t("takePublished")}
          </Button>
        </Group>
      </Alert>
    );
  }
  const rows = differences.map((difference) => {
    const at = [difference.stage && words.stage(difference.stage), difference.task && words.task(difference.task)].filter(Boolean).join(" › ");
    const whole = difference.setting === "";
    const side = (there: boolean, place: unknown) => (difference.kind === "moved" ? t("atPlace", { place }) : t(there ? "isThere" : "isNotThere"));
    return {
      name: whole ? at : [at, t(`settings.${difference.setting}` as "settings.name")].filter(Boolean).join(": "),
      now: whole ? side(difference.kind === "removed", difference.old) : sayValue(difference.setting, difference.old, words),
      mine: whole ? side(difference.kind === "added", difference.new) : sayValue(difference.setting, difference.new, words),
    };
  });
  return <Meanwhile rows={rows} text={t("draftConflict", { name: theirs.refs?.[theirs.by]?.name ?? t("somebody") })} busy={busy} onKeepMine={() => void keep()} onTakeTheirs={() => takeTheirs(theirs)} />;
}

import { Alert, Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowBackUp, IconCheck } from "@tabler/icons-react";
import { useEffect, useMemo, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Length } from "~/analysis/periods/periods";
import { useFiscal } from "~/analysis/periods/usePeriods";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useSetTargets, type Targets } from "~/api/targets";
import { Grid, type RowHeads } from "~/grid/Grid";
import { RowCards } from "~/grid/RowCards";
import { RowSheet } from "~/grid/RowSheet";
import { hasUnread, isChanged, valueOf, withRow } from "~/grid/rows";
import { shownText } from "~/grid/cellText";
import { useGrid } from "~/grid/useGrid";
import { useLabel, useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { planOf, type Plan } from "./pasted";
import { RowHead } from "./RowHead";
import { columnsOf, findingsIn, gridRowOf, linesOf, mergedOver, setOf } from "./rows";
import classes from "./targets.module.css";

const HEAD = 230;
const SHOWN_STRANGERS = 8;

/** The year in a grid, which takes what is pasted from a spreadsheet; all is saved at once, or not at all. */
export function TargetsEditor({ targets, length }: { targets: Targets; length: Length }) {
  const { t } = useTranslation("targets");
  const label = useLabel();
  const language = useLanguage();
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const { fiscalStart } = useFiscal();
  const [base, setBase] = useState(targets);
  const [pasted, setPasted] = useState<Plan>();
  const [met, setMet] = useState(false);
  const [sentKeys, setSentKeys] = useState<string[]>([]);
  const save = useSetTargets();
  const currency = targets.main_currency;
  const columns = useMemo(() => columnsOf(base, length, fiscalStart), [base, length, fiscalStart]);
  const lines = useMemo(() => linesOf(base), [base]);
  const grid = useGrid({ initial: () => linesOf(targets).map((line) => gridRowOf(line, targets, language)), columns, currency, start: {}, onChange: () => save.isError && save.reset() });
  const { rows, change } = grid;
  const changed = isChanged(rows);

  // What others set comes in by itself, and one's own changes stay over it.
  if (base !== targets) {
    setBase(targets);
    const taken = changed && targets.rows.some((row) => base.rows.find((it) => it.id === row.id && it.kind === row.kind)?.version !== row.version);
    if (changed) change(() => mergedOver(rows, targets, language));
    else grid.reset(linesOf(targets).map((line) => gridRowOf(line, targets, language)));
    if (taken) setMet(true);
  }

  const heads = useMemo<RowHeads>(() => {
    const byKey = new Map(lines.map((line) => [line.key, line]));
    const text = (key: string) => {
      const line = byKey.get(key);
      return !line ? "" : line.kind === "people" || line.kind === "difference" ? t(`${line.kind}Of`, { name: line.row.name }) : line.row.name;
    };
    return { title: t("who"), width: HEAD, text: (row) => text(row.key), show: (row) => <RowHead line={byKey.get(row.key)} /> };
  }, [lines, t]);

  const acts = useMemo(
    () => ({
      ...grid.acts,
      paste: (text: string, at: { row: number; column: number }) => {
        const plan = planOf(text, at, lines.map((line, index) => ({ key: line.key, name: line.row.name, frozen: rows[index]?.frozen })), columns, currency);
        change((all) => plan.writes.reduce((next, { key, written }) => withRow(next, key, written), all), `paste ${text.length} ${Date.now()}`);
        setPasted(plan);
      },
    }),
    [grid.acts, change, lines, rows, columns, currency],
  );

  const send = async () => {
    if (save.isPending || !changed || hasUnread(rows)) return;
    const { set, keys } = setOf(rows, base);
    setSentKeys(keys);
    try {
      const now = await save.mutateAsync(set);
      grid.reset(linesOf(now).map((line) => gridRowOf(line, now, language)));
      setBase(now);
      setPasted(undefined);
      setMet(false);
      told(t("saved"));
    } catch (refusal) {
      const present = refusal instanceof ApiProblem && refusal.status === 409 ? (refusal.record as unknown as Targets | undefined) : undefined;
      if (!present) return;
      setBase(present);
      change(() => mergedOver(rows, present, language));
      setMet(true);
      save.reset();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    void send();
  };
  useEffect(() => {
    if (!changed) setMet(false);
  }, [changed]);
  const refused = save.error instanceof ApiProblem ? findingsIn(save.error.violations, sentKeys) : { byRow: {}, general: [] };
  const general = save.error && refused.general.length === 0 && Object.keys(refused.byRow).length === 0 ? [messageOf(save.error)] : refused.general;
  const mayNothing = !base.can.set;

  return (
    <div className={classes.editor} onKeyDown={onKey}>
      <p className={classes.fine}>{t(mayNothing ? "readOnly" : "help")}</p>
      {pasted && <Pasted plan={pasted} onClose={() => setPasted(undefined)} />}
      {met && (
        <Alert color="yellow" variant="light" role="status" title={t("metTitle")}>
          {t("met")}
        </Alert>
      )}
      {general.map((message) => (
        <Alert key={message} color="red" variant="light" role="alert">
          {message}
        </Alert>
      ))}
      <div className={classes.surface}>
        {narrow ? (
          <RowCards label={t("name")} rows={rows} findings={refused.byRow} onOpen={grid.setOpened} card={(row) => <Card head={heads.show(row)} figures={columns.map(({ field }) => `${label(field.label)} ${shownText(field, valueOf(row, field.key), currency, language) || "–"}`)} />} />
        ) : (
          <Grid label={t("name")} columns={columns} rows={rows} findings={refused.byRow} currency={currency} acts={acts} fixed heads={heads} readOnly={mayNothing} />
        )}
      </div>
      {grid.opened !== undefined && <RowSheet rows={rows} opened={grid.opened} columns={columns} found={refused.byRow[grid.opened]} acts={acts} title={t("name")} fixed heads={heads} readOnly={mayNothing} onOpen={grid.setOpened} />}
      {!mayNothing && (
        <Group justify="flex-end" gap="sm" className={classes.foot}>
          {changed && (
            <Text size="sm" c="dimmed" mr="auto" role="status">
              {t("sumsFollow")}
            </Text>
          )}
          <Button variant="default" leftSection={<IconArrowBackUp size={16} />} disabled={!grid.canUndo} onClick={grid.undo}>
            {t("undo", { ns: "ui" })}
          </Button>
          <Button leftSection={<IconCheck size={16} />} loading={save.isPending} disabled={!changed || hasUnread(rows)} onClick={() => void send()}>
            {t("save")}
          </Button>
        </Group>
      )}
      <UnsavedGuard changed={() => changed} />
    </div>
  );
}

function Card({ head, figures }: { head: React.ReactNode; figures: string[] }) {
  return (
    <>
      {head}
      <span className={classes.fine}>{figures.join(" · ")}</span>
    </>
  );
}

/** What a pasted table has written, and what of it was not taken. */
function Pasted({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { t } = useTranslation("targets");
  const { strangers, unread, figures, writes } = plan;
  const missed = strangers.length > 0 || unread > 0;
  return (
    <Alert color={missed ? "yellow" : "teal"} variant="light" role="status" withCloseButton closeButtonLabel={t("close", { ns: "ui" })} onClose={onClose}>
      {t("pasted", { count: figures, lines: writes.length })}
      {strangers.length > 0 && ` ${t("strangers", { names: strangers.slice(0, SHOWN_STRANGERS).join(", "), count: strangers.length })}`}
      {unread > 0 && ` ${t("unread", { count: unread })}`}
    </Alert>
  );
}

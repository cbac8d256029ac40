import { Button, Drawer, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useOwnChart, type ChartDocument } from "~/api/charts";
import type { HomeCard } from "~/api/home";
import { LEADERBOARD_METRICS, WIN_LOSS_BY } from "~/api/outcomes";
import { PIPELINE_BY } from "~/api/pipeline";
import { useProcessList } from "~/api/processes";
import { useObject } from "~/api/queries";
import type { Condition } from "~/api/types";
import { useLabel } from "~/i18n";
import { RowSkeletons } from "~/ui/Skeletons";
import { HIGHEST, WIDEST } from "./arranging";

const ConditionEditor = lazy(() => import("~/conditions/ConditionEditor").then((room) => ({ default: room.ConditionEditor })));
const ChartEditor = lazy(() => import("~/analysis/charts/ChartEditor").then((room) => ({ default: room.ChartEditor })));

/** Kinds that are about deals, and can be narrowed to some of them. */
const OF_DEALS = ["stage_conversion", "pipeline", "forecast", "projection", "waterfall", "win_loss", "ageing", "leaderboard"];
const OF_PROCESS = ["stage_conversion", "pipeline", "ageing", "win_loss", "waterfall", "projection"];
/** What some kinds can be divided by, or rank. */
const CHOICES: Record<string, { setting: string; words: readonly string[] }> = {
  pipeline: { setting: "by", words: PIPELINE_BY },
  win_loss: { setting: "by", words: WIN_LOSS_BY },
  leaderboard: { setting: "metric", words: LEADERBOARD_METRICS },
};

type Props = { card: HomeCard; name: string; onClose: () => void; onSave: (part: Partial<HomeCard>) => void };

/** What a card is called, how large it is, and what it is about. */
export function CardSettings({ card, name, onClose, onSave }: Props) {
  const { t } = useTranslation("home");
  const [title, setTitle] = useState(card.title ?? "");
  const [width, setWidth] = useState<number | string>(card.width);
  const [height, setHeight] = useState<number | string>(card.height);
  const [settings, setSettings] = useState(card.settings);
  const change = (part: Record<string, unknown>) => setSettings((now) => Object.fromEntries(Object.entries({ ...now, ...part }).filter(([, value]) => value !== undefined && value !== null)));
  const object = card.kind === "list" && typeof card.settings.object === "string" ? card.settings.object : OF_DEALS.includes(card.kind) ? "opportunity" : undefined;
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={name}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ title: title.trim() || undefined, width: Number(width) || card.width, height: Number(height) || card.height, settings });
        }}
      >
        <Stack gap="md">
          <TextInput label={t("title")} placeholder={name} maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
          <Group grow>
            <NumberInput label={t("width")} min={2} max={WIDEST} value={width} onChange={setWidth} />
            <NumberInput label={t("height")} min={1} max={HIGHEST} value={height} onChange={setHeight} />
          </Group>
          {OF_PROCESS.includes(card.kind) && <ProcessChoice value={settings.process} onChange={(process) => change({ process })} />}
          <Choice kind={card.kind} settings={settings} onChange={change} />
          {card.kind === "recent" && (
            <Select
              label={t("whose")}
              allowDeselect={false}
              data={[
                { value: "all", label: t("allVisible") },
                { value: "mine", label: t("mine") },
              ]}
              value={settings.whose === "mine" ? "mine" : "all"}
              onChange={(whose) => change({ whose: whose === "mine" ? "mine" : undefined })}
            />
          )}
          {object && (
            <Suspense fallback={<RowSkeletons rows={3} />}>
              <ConditionEditor label={t("filter")} hint={t("filterHint")} object={object} value={settings.filter as Condition | undefined} onChange={(filter) => change({ filter })} />
            </Suspense>
          )}
          {card.kind === "chart" && <ChartPart settings={settings} name={name} onChange={change} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit">{t("apply")}</Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function ProcessChoice({ value, onChange }: { value: unknown; onChange: (process: string | undefined) => void }) {
  const { t } = useTranslation("filters");
  const processes = (useProcessList().data?.items ?? []).filter((one) => one.active || one.id === value);
  if (processes.length < 2) return null;
  return <Select label={t("process")} placeholder={t("anyProcess")} clearable data={processes.map((one) => ({ value: one.id, label: one.name }))} value={typeof value === "string" ? value : null} onChange={(id) => onChange(id ?? undefined)} />;
}

function Choice({ kind, settings, onChange }: { kind: string; settings: Record<string, unknown>; onChange: (part: Record<string, unknown>) => void }) {
  const { t } = useTranslation("home");
  const label = useLabel();
  const fields = useObject("opportunity")?.fields ?? [];
  const choice = CHOICES[kind];
  if (!choice) return null;
  const nameOf = (word: string) => label(fields.find((field) => field.key === word)?.label) || t(`metrics.${word}` as never);
  // What one may not know of is not offered.
  const words = choice.setting === "metric" ? choice.words : choice.words.filter((word) => word === "competitor" || fields.some((field) => field.key === word));
  return (
    <Select
      label={t(choice.setting === "by" ? "by" : "metric")}
      allowDeselect={false}
      data={words.map((word) => ({ value: word, label: nameOf(word) }))}
      value={typeof settings[choice.setting] === "string" ? (settings[choice.setting] as string) : (words[0] ?? null)}
      onChange={(word) => onChange({ [choice.setting]: word })}
    />
  );
}

/** A chart of one's own is changed where it is kept; one that only the card has, in the card. */
function ChartPart({ settings, name, onChange }: { settings: Record<string, unknown>; name: string; onChange: (part: Record<string, unknown>) => void }) {
  const { t } = useTranslation("home");
  const [editing, setEditing] = useState(false);
  const id = typeof settings.chart === "string" ? settings.chart : undefined;
  const kept = useOwnChart(id);
  if (id !== undefined && !kept.data?.can.includes("edit")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={15} stroke={1.7} />} onClick={() => setEditing(true)} style={{ alignSelf: "flex-start" }}>
        {t("editChart")}
      </Button>
      {editing && (
        <Suspense fallback={null}>
          <ChartEditor stored={kept.data} begin={id === undefined ? { name, chart: settings.chart as ChartDocument } : undefined} onClose={() => setEditing(false)} onSaved={(chart) => {
            setEditing(false);
            onChange({ chart: chart.id });
          }} />
        </Suspense>
      )}
    </>
  );
}

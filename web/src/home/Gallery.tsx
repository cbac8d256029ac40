import { useDraggable } from "@dnd-kit/react";
import { ActionIcon, Button, Drawer, TextInput, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconFolder, IconGripVertical, IconPlus, IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useGallery, type GalleryEntry, type GalleryFolder } from "~/api/home";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./Gallery.module.css";

const ChartEditor = lazy(() => import("~/analysis/charts/ChartEditor").then((room) => ({ default: room.ChartEditor })));

type Props = { phone: boolean; onClose: () => void; onAdd: (entry: GalleryEntry, name: string) => void };

/** What can be put on the page, in folders. It stays beside the page, from where one drags; on a phone one adds by a press. */
export function Gallery({ phone, onClose, onAdd }: Props) {
  const { t } = useTranslation("home");
  if (phone) {
    return (
      <Drawer opened onClose={onClose} position="bottom" size="85%" title={t("choose")}>
        <Folders
          onAdd={(entry, name) => {
            onAdd(entry, name);
            onClose();
          }}
        />
      </Drawer>
    );
  }
  return (
    <aside className={classes.panel} aria-label={t("choose")}>
      <h2 className={classes.title}>{t("choose")}</h2>
      <Folders onAdd={onAdd} />
    </aside>
  );
}

const OPENED = ["preset_modules", "new_opportunity_insights", "my_charts"];

function Folders({ onAdd }: Pick<Props, "onAdd">) {
  const { t } = useTranslation("home");
  const label = useLabel();
  const gallery = useGallery();
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState(OPENED);
  const [editing, setEditing] = useState(false);
  const words = typed.trim().toLowerCase();
  if (gallery.isError) return <ErrorState compact error={gallery.error} onRetry={() => void gallery.refetch()} />;
  if (!gallery.data) return <RowSkeletons rows={6} />;

  const fits = (entry: GalleryEntry) => words === "" || label(entry.label).toLowerCase().includes(words);
  const holds = (folder: GalleryFolder): boolean => folder.entries.some(fits) || folder.folders.some(holds);
  const shown = (folder: GalleryFolder) => words !== "" || opened.includes(folder.key);

  const draw = (folder: GalleryFolder): ReactNode => {
    // Where one may make charts of one's own, their folder is there before the first.
    if (!holds(folder) && !(folder.key === "my_charts" && words === "")) return null;
    const open = shown(folder);
    return (
      <li key={folder.key}>
        <button type="button" className={classes.folder} aria-expanded={open} onClick={() => setOpened((now) => (open ? now.filter((key) => key !== folder.key) : [...now, folder.key]))}>
          {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          <IconFolder size={16} stroke={1.6} aria-hidden />
          {label(folder.label)}
        </button>
        {open && (
          <ul className={classes.inside}>
            {folder.folders.map(draw)}
            {folder.entries.filter(fits).map((entry) => (
              <Entry key={entry.key} entry={entry} onAdd={onAdd} />
            ))}
            {folder.key === "my_charts" && (
              <li>
                <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => setEditing(true)}>
                  {t("newChart")}
                </Button>
              </li>
            )}
          </ul>
        )}
      </li>
    );
  };
  return (
    <>
      <TextInput aria-label={t("find")} placeholder={t("find")} leftSection={<IconSearch size={15} stroke={1.7} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} mb="xs" />
      <ul className={classes.folders}>{gallery.data.folders.map(draw)}</ul>
      {words !== "" && !gallery.data.folders.some(holds) && <p className={classes.none}>{t("findNone")}</p>}
      {editing && (
        <Suspense fallback={null}>
          <ChartEditor
            onClose={() => setEditing(false)}
            onSaved={(chart) => {
              setEditing(false);
              onAdd({ key: `chart:${chart.id}`, kind: "chart", label: { en: chart.name }, width: chart.chart.chart_type === "number" ? 3 : 6, height: chart.chart.chart_type === "number" ? 2 : 5, settings: { chart: chart.id } }, chart.name);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function Entry({ entry, onAdd }: { entry: GalleryEntry } & Pick<Props, "onAdd">) {
  const { t } = useTranslation("home");
  const label = useLabel();
  const name = label(entry.label);
  const { ref, isDragSource } = useDraggable({ id: `entry:${entry.key}`, type: "entry", data: { entry, name } });
  return (
    <li ref={ref} className={classes.entry} data-dragging={isDragSource || undefined}>
      <IconGripVertical size={14} className={classes.grip} aria-hidden />
      <Tooltip label={label(entry.description)} disabled={!entry.description} multiline maw={280} position="left">
        <span className={classes.name}>{name}</span>
      </Tooltip>
      <ActionIcon size="sm" aria-label={t("add", { name })} onClick={() => onAdd(entry, name)}>
        <IconPlus size={15} />
      </ActionIcon>
    </li>
  );
}

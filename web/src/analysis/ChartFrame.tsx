import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChartBar, IconDownload, IconFileSpreadsheet, IconFileText, IconPhoto, IconTable } from "@tabler/icons-react";
import { useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT } from "~/api/http";
import { useObjects } from "~/api/queries";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./chart.module.css";

type Props = {
  title: string;
  /** A line below the title: what the figures are about. */
  hint?: ReactNode;
  /** Beside the title: filters, links. */
  actions?: ReactNode;
  /** The address of the analysis below the API's root, which also gives it as a file; none for those who may not export the object. */
  exported?: string;
  /** Whose right to export decides; deals when absent. */
  object?: string;
  /** The chart as a picture of a width, to be saved. */
  picture?: (width: number) => ReactElement;
  /** The same figures as a table. */
  table?: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  ready?: boolean;
  /** What is shown belongs to the last question. */
  stale?: boolean;
  /** Without a frame of its own, as in a card that has one. */
  bare?: boolean;
  children: ReactNode;
};

/** A chart with its title, the table behind it, and what it can be saved as. */
export function ChartFrame({ title, hint, actions, exported, object = "opportunity", picture, table, error, onRetry, ready = true, stale, bare, children }: Props) {
  const { t } = useTranslation("analysis");
  const [tabular, setTabular] = useState(false);
  const shown = !error && ready;
  return (
    <section className={classes.frame} aria-label={title} data-bare={bare || undefined}>
      <header className={classes.head}>
        <div className={classes.titles}>
          <h2 className={classes.title}>{title}</h2>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {actions}
        {shown && table && (
          <Tooltip label={t(tabular ? "frame.chart" : "frame.table")}>
            <ActionIcon aria-label={t(tabular ? "frame.chart" : "frame.table")} aria-pressed={tabular} onClick={() => setTabular(!tabular)}>
              {tabular ? <IconChartBar size={17} stroke={1.7} /> : <IconTable size={17} stroke={1.7} />}
            </ActionIcon>
          </Tooltip>
        )}
        {shown && <SaveAs title={title} exported={exported} object={object} picture={picture} />}
      </header>
      {error ? (
        <ErrorState compact error={error} onRetry={onRetry} />
      ) : !ready ? (
        <RowSkeletons rows={5} />
      ) : (
        <div className={classes.content} data-stale={stale || undefined}>
          {tabular && table ? <div className={classes.tables}>{table}</div> : children}
        </div>
      )}
    </section>
  );
}

const FORMATS = [
  { format: "csv", Icon: IconFileText },
  { format: "xlsx", Icon: IconFileSpreadsheet },
] as const;

function SaveAs({ title, exported, object, picture }: Pick<Props, "title" | "exported" | "object" | "picture">) {
  const { t } = useTranslation("analysis");
  const mayExport = useObjects().find((one) => one.key === object)?.acts.includes("export") ?? false;
  const address = mayExport ? exported : undefined;
  if (!address && !picture) return null;
  const save = async () => {
    if (!picture) return;
    try {
      const { savePicture } = await import("./png");
      await savePicture(title, picture);
    } catch {
      notifications.show({ message: t("frame.pngFailed"), color: "red" });
    }
  };
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <Tooltip label={t("frame.export", { title })}>
          <ActionIcon aria-label={t("frame.export", { title })}>
            <IconDownload size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {picture && (
          <Menu.Item leftSection={<IconPhoto size={17} stroke={1.6} />} onClick={() => void save()}>
            {t("frame.png")}
          </Menu.Item>
        )}
        {address &&
          FORMATS.map(({ format, Icon }) => (
            <Menu.Item key={format} component="a" href={`${API_ROOT}${address}${address.includes("?") ? "&" : "?"}format=${format}`} download leftSection={<Icon size={17} stroke={1.6} />}>
              {t(`frame.${format}`)}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}

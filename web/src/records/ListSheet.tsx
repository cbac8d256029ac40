import { Button, Drawer, Select, Stack } from "@mantine/core";
import { IconFileSpreadsheet, IconFileText, IconSelect } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef } from "~/api/types";
import { exportAddress, type ExportParams } from "~/bulk/exportAddress";
import { useLabel } from "~/i18n";
import { ColumnList } from "./ColumnList";
import { Fold } from "./Fold";
import { groupFields } from "./listView";
import classes from "./ListSheet.module.css";

type Props = {
  object: ObjectDef;
  columns: Field[];
  sort: string | undefined;
  group: Field | undefined;
  /** What is handed out as a file; absent for those who may not. */
  exported?: ExportParams;
  onSelect?: () => void;
  onSort: (sort: string | undefined) => void;
  onGroup?: (group: string | undefined) => void;
  onColumns: (keys: string[]) => void;
  onResetColumns: () => void;
  onClose: () => void;
};

/** What a phone has no room for beside the list: selecting, files, order, groups, and which facts a card shows. */
export function ListSheet({ object, columns, sort, group, exported, onSelect, onSort, onGroup, onColumns, onResetColumns, onClose }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const field = sort?.replace(/^-/, "");
  return (
    <Drawer opened onClose={onClose} position="bottom" size="auto" title={t("listOptions")} classNames={{ content: classes.sheet }}>
      <Stack gap="md">
        {(onSelect || exported) && (
          <div className={classes.acts}>
            {onSelect && (
              <Button variant="default" leftSection={<IconSelect size={17} stroke={1.7} />} onClick={onSelect}>
                {t("selectRecords")}
              </Button>
            )}
            {exported && (
              <>
                <Button component="a" variant="default" leftSection={<IconFileText size={17} stroke={1.7} />} href={exportAddress(object.key, "csv", exported)} download onClick={onClose}>
                  {t("exportCsv", { ns: "bulk" })}
                </Button>
                <Button component="a" variant="default" leftSection={<IconFileSpreadsheet size={17} stroke={1.7} />} href={exportAddress(object.key, "xlsx", exported)} download onClick={onClose}>
                  {t("exportXlsx", { ns: "bulk" })}
                </Button>
              </>
            )}
          </div>
        )}
        <div className={classes.pair}>
          <Select label={t("sort")} placeholder={t("sortAtFirst")} data={object.fields.filter((it) => it.sortable).map((it) => ({ value: it.key, label: label(it.label) }))} value={field ?? null} clearable onChange={(key) => onSort(key ?? undefined)} />
          <Select
            label={t("sortDirection")}
            allowDeselect={false}
            disabled={!field}
            data={[
              { value: "up", label: t("sortUp") },
              { value: "down", label: t("sortDown") },
            ]}
            value={sort?.startsWith("-") ? "down" : "up"}
            onChange={(way) => field && onSort(way === "down" ? `-${field}` : field)}
          />
        </div>
        {onGroup && (
          <Select label={t("group", { ns: "views" })} placeholder={t("groupNone")} data={groupFields(object).map((it) => ({ value: it.key, label: label(it.label) }))} value={group?.key ?? null} clearable onChange={(key) => onGroup(key ?? undefined)} />
        )}
        <section>
          <Fold title={t("columnsOnCards")} folded className={classes.title}>
            <div className={classes.columns}>
              <ColumnList object={object} columns={columns} onChoose={onColumns} onReset={onResetColumns} />
            </div>
          </Fold>
        </section>
      </Stack>
    </Drawer>
  );
}

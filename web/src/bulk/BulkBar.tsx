import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArchive, IconPencil, IconRotate2, IconUserShare, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BulkAct, BulkTarget } from "~/api/bulk";
import type { ListParams } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import type { Selection } from "~/records/selection";
import { formatDecimal } from "~/ui/format";
import classes from "./bulk.module.css";
import { ExportMenu } from "./ExportMenu";

const BulkDialog = lazy(() => import("./BulkDialog").then((room) => ({ default: room.BulkDialog })));

const ICONS = { edit: IconPencil, change_owner: IconUserShare, void: IconArchive, restore: IconRotate2 };

/** Acts on many records that one may do at all. The bin is not in the lists, so restoring is offered where something voided is chosen. */
export function actsOnMany(object: ObjectDef, chosen: Rec[]): BulkAct[] {
  const voided = chosen.some((row) => row.fields.lifecycle_status === "voided");
  const acts: BulkAct[] = ["edit", "change_owner", "void", "restore"];
  return acts.filter((act) => object.acts.includes(act) && (act !== "change_owner" || object.owned) && (act !== "restore" || voided));
}

type Props = { object: ObjectDef; selection: Selection; rows: Rec[]; params: ListParams; count: number | undefined };

/** What can be done with the rows chosen. */
export function BulkBar({ object, selection, rows, params, count }: Props) {
  const { t } = useTranslation("bulk");
  const language = useLanguage();
  const [act, setAct] = useState<BulkAct>();
  const { chosen } = selection;
  const size = chosen.all ? (count ?? rows.length) : chosen.ids.size;
  const shown = formatDecimal(size, language);
  const { view, filter, q } = params;
  const target: BulkTarget = chosen.all ? { all: true, view, filter, q } : { ids: [...chosen.ids] };
  const acts = actsOnMany(object, rows.filter((row) => selection.has(row.id)));

  return (
    <div className={classes.bar} role="toolbar" aria-label={t("selected", { count: size, shown })}>
      <span className={classes.count} role="status">
        {chosen.all ? t("allSelected", { shown }) : t("selected", { count: size, shown })}
      </span>
      {!chosen.all && count !== undefined && count > size && selection.page === "all" && (
        <Button size="compact-md" variant="subtle" onClick={selection.chooseAll}>
          {t("selectAll", { shown: formatDecimal(count, language) })}
        </Button>
      )}
      {acts.map((one) => {
        const Icon = ICONS[one];
        return (
          <Button key={one} size="compact-md" variant="default" c={one === "void" ? "var(--danger)" : undefined} leftSection={<Icon size={15} stroke={1.7} />} onClick={() => setAct(one)}>
            {t(`acts.${one}`)}
          </Button>
        );
      })}
      {object.acts.includes("export") && <ExportMenu named object={object.key} params={chosen.all ? params : { sort: params.sort, fields: params.fields, ids: [...chosen.ids] }} />}
      <Tooltip label={t("clear")}>
        <ActionIcon aria-label={t("clear")} onClick={selection.clear}>
          <IconX size={17} />
        </ActionIcon>
      </Tooltip>
      {act && (
        <Suspense fallback={null}>
          <BulkDialog
            object={object}
            act={act}
            target={target}
            size={size}
            onClose={(changed) => {
              setAct(undefined);
              if (changed) selection.clear();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

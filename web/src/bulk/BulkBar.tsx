import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArchive, IconArrowMerge, IconArrowRight, IconArrowsExchange, IconCornerDownLeft, IconHandGrab, IconLock, IconLockOpen, IconPencil, IconRotate2, IconTrash, IconUserPlus, IconUserShare, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BulkAct, BulkTarget } from "~/api/bulk";
import type { ListParams } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { MOST } from "~/merging/choosing";
import type { Selection } from "~/records/selection";
import { formatDecimal } from "~/ui/format";
import classes from "./bulk.module.css";
import { ExportMenu } from "./ExportMenu";

const MergeDialog = lazy(() => import("~/merging/MergeDialog").then((room) => ({ default: room.MergeDialog })));
const BulkMove = lazy(() => import("./BulkMove").then((room) => ({ default: room.BulkMove })));
const BulkDialog = lazy(() => import("./BulkDialog").then((room) => ({ default: room.BulkDialog })));

const ICONS = { edit: IconPencil, move: IconArrowRight, change_owner: IconUserShare, assign: IconUserPlus, claim: IconHandGrab, return: IconCornerDownLeft, move_pool: IconArrowsExchange, lock: IconLock, unlock: IconLockOpen, void: IconArchive, restore: IconRotate2, delete: IconTrash };

/** Acts on many records that one may do at all: of what is in the recycle bin it is restored. */
export function actsOnMany(object: ObjectDef, bin: boolean): BulkAct[] {
  const acts: BulkAct[] = bin ? ["restore", "delete"] : ["edit", "move", "claim", "assign", "change_owner", "return", "move_pool", "lock", "unlock", "void"];
  // What nobody has lies in a pool; where there is none, there is nothing to claim, and only leads lie without an owner.
  const pooled = (object.fields.find((field) => field.key === "pool")?.options ?? []).length > 0;
  return acts.filter((act) => object.acts.includes(act) && (act !== "change_owner" || object.owned) && (act !== "assign" || object.key === "lead" || pooled) && (pooled || !["claim", "return", "move_pool"].includes(act)) && (act !== "move" || object.key === "opportunity"));
}

type Props = { object: ObjectDef; selection: Selection; rows: Rec[]; params: ListParams; count: number | undefined; /** There is no box for all: on a phone. */ cards?: boolean; onClose?: () => void };

/** What can be done with the rows chosen. */
export function BulkBar({ object, selection, rows, params, count, cards, onClose }: Props) {
  const { t } = useTranslation("bulk");
  const language = useLanguage();
  const [act, setAct] = useState<BulkAct>();
  const [merging, setMerging] = useState(false);
  const { chosen } = selection;
  const size = chosen.all ? (count ?? rows.length) : chosen.ids.size;
  const shown = formatDecimal(size, language);
  const { view, filter, q } = params;
  const target: BulkTarget = chosen.all ? { all: true, view, filter, q } : { ids: [...chosen.ids] };
  const bin = params.voided === "only";
  const acts = selection.any ? actsOnMany(object, bin) : [];
  const close = () => {
    selection.clear();
    onClose?.();
  };
  const leave = (changed: boolean) => {
    setAct(undefined);
    if (changed) close();
  };

  return (
    <div className={classes.bar} data-cards={cards || undefined} role="toolbar" aria-label={t("selected", { count: size, shown })}>
      <span className={classes.count} role="status">
        {chosen.all ? t("allSelected", { shown }) : t("selected", { count: size, shown })}
      </span>
      {!chosen.all && count !== undefined && count > size && (cards || selection.page === "all") && (
        <Button size="compact-md" variant="subtle" className={classes.all} onClick={selection.chooseAll}>
          {t("selectAll", { shown: formatDecimal(count, language) })}
        </Button>
      )}
      {acts.map((one) => {
        const Icon = ICONS[one];
        return (
          <Button key={one} size="compact-md" variant="default" c={one === "void" || one === "delete" ? "var(--danger)" : undefined} leftSection={<Icon size={15} stroke={1.7} />} onClick={() => setAct(one)}>
            {t(`acts.${one}`)}
          </Button>
        );
      })}
      {object.acts.includes("merge") && !bin && !chosen.all && size >= 2 && size <= MOST && (
        <Button size="compact-md" variant="default" leftSection={<IconArrowMerge size={15} stroke={1.7} />} onClick={() => setMerging(true)}>
          {t("merge", { ns: "merging" })}
        </Button>
      )}
      {object.acts.includes("export") && selection.any && <ExportMenu named object={object.key} params={chosen.all ? params : { sort: params.sort, fields: params.fields, voided: params.voided, ids: [...chosen.ids] }} />}
      <Tooltip label={t("clear")}>
        <ActionIcon aria-label={t("clear")} onClick={close}>
          <IconX size={17} />
        </ActionIcon>
      </Tooltip>
      {merging && !chosen.all && (
        <Suspense fallback={null}>
          <MergeDialog
            object={object}
            ids={[...chosen.ids]}
            onClose={(done) => {
              setMerging(false);
              if (done) close();
            }}
          />
        </Suspense>
      )}
      {act && (
        <Suspense fallback={null}>
          {act === "move" ? <BulkMove object={object} target={target} size={size} onClose={leave} /> : <BulkDialog object={object} act={act} target={target} size={size} onClose={leave} />}
        </Suspense>
      )}
    </div>
  );
}

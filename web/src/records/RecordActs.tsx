import { ActionIcon, Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArchive, IconArrowMerge, IconCopy, IconDotsVertical, IconLock, IconLockOpen, IconRotate2, IconTrash, IconUserShare } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { ChangeOwner } from "./ChangeOwner";
import { DeleteDialog } from "./DeleteDialog";

const MergeWith = lazy(() => import("~/merging/MergeWith").then((room) => ({ default: room.MergeWith })));
const CloneDialog = lazy(() => import("./CloneDialog").then((room) => ({ default: room.CloneDialog })));

const MENU = [
  { act: "clone", icon: IconCopy },
  { act: "change_owner", icon: IconUserShare },
  { act: "merge", icon: IconArrowMerge },
  { act: "lock", icon: IconLock },
  { act: "unlock", icon: IconLockOpen },
  { act: "void", icon: IconArchive },
] as const;
type Asked = (typeof MENU)[number]["act"] | "restore" | "delete";
/** Acts that are asked about once more and then done. */
const CONFIRMED = ["lock", "unlock", "void", "restore"] as const;

/** What may be done to a record beside editing it. What one may not do is not there; what a rule stands against says which. */
export function RecordActs({ object, record, name }: { object: ObjectDef; record: Rec; name: string }) {
  const { t } = useTranslation("records");
  const [asking, setAsking] = useState<Asked>();
  const acts = {
    lock: useRecordAct(object.key, record.id, "lock"),
    unlock: useRecordAct(object.key, record.id, "unlock"),
    void: useRecordAct(object.key, record.id, "void"),
    restore: useRecordAct(object.key, record.id, "restore"),
  };
  const can = (act: string) => record.can?.includes(act) ?? false;
  const stands = (act: string) => record.cannot?.find((one) => one.act === act)?.code;
  const menu = MENU.filter(({ act }) => can(act) || stands(act));
  const close = () => setAsking(undefined);

  return (
    <>
      {can("restore") && (
        <Button variant="default" leftSection={<IconRotate2 size={16} stroke={1.7} />} onClick={() => setAsking("restore")}>
          {t("restore")}
        </Button>
      )}
      {menu.length > 0 && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t("moreActs")}>
              <IconDotsVertical size={17} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {menu.map(({ act, icon: Icon }) => (
              <Menu.Item key={act} color={act === "void" ? "var(--danger)" : undefined} disabled={!can(act)} leftSection={<Icon size={17} stroke={1.6} />} onClick={() => setAsking(act)}>
                {act === "merge" ? t("mergeWith", { ns: "merging" }) : t(act === "change_owner" ? "changeOwner" : act)}
                {!can(act) && <small style={{ display: "block", fontSize: 12 }}>{t(`stands.${stands(act)}` as "stands.record_locked", { defaultValue: t("stands.record_locked") })}</small>}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {can("delete") && (
        <Button variant="default" c="var(--danger)" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => setAsking("delete")}>
          {t("delete")}
        </Button>
      )}
      {asking === "delete" && <DeleteDialog object={object} record={record} name={name} onClose={close} />}
      {asking === "change_owner" && <ChangeOwner object={object} record={record} name={name} onClose={close} />}
      {asking === "merge" && (
        <Suspense fallback={null}>
          <MergeWith object={object} record={record} name={name} onClose={close} />
        </Suspense>
      )}
      {asking === "clone" && (
        <Suspense fallback={null}>
          <CloneDialog object={object} record={record} onClose={close} />
        </Suspense>
      )}
      {CONFIRMED.map((act) => (
        <ConfirmDialog
          key={act}
          opened={asking === act}
          onClose={close}
          title={t(`${act}Title`, { name })}
          text={t(`${act}Text`)}
          confirm={t(act)}
          danger={act === "void"}
          withReason
          onConfirm={async (reason) => {
            await acts[act].mutateAsync({ version: record.version, body: { reason: reason || undefined } });
            notifications.show({ message: t(`actsDone_${act}`, { name }), color: "brand" });
          }}
        />
      ))}
    </>
  );
}

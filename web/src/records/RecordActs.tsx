import { ActionIcon, Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArchive, IconDotsVertical, IconRotate2, IconUserShare } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { ChangeOwner } from "./ChangeOwner";

/** What may be done to a record beside editing it. What one may not do is not there. */
export function RecordActs({ object, record, name }: { object: ObjectDef; record: Rec; name: string }) {
  const { t } = useTranslation("records");
  const [asking, setAsking] = useState<"owner" | "void" | "restore">();
  const doVoid = useRecordAct(object.key, record.id, "void");
  const doRestore = useRecordAct(object.key, record.id, "restore");
  const can = (act: string) => record.can?.includes(act) ?? false;
  if (!can("change_owner") && !can("void") && !can("restore")) return null;
  const done = (act: "void" | "restore") => notifications.show({ message: t(`actsDone_${act}`, { name }), color: "brand" });
  const close = () => setAsking(undefined);

  return (
    <>
      {can("restore") && (
        <Button variant="default" leftSection={<IconRotate2 size={16} stroke={1.7} />} onClick={() => setAsking("restore")}>
          {t("restore")}
        </Button>
      )}
      {(can("change_owner") || can("void")) && (
        <Menu position="bottom-end" width={210}>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t("moreActs")}>
              <IconDotsVertical size={17} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {can("change_owner") && (
              <Menu.Item leftSection={<IconUserShare size={17} stroke={1.6} />} onClick={() => setAsking("owner")}>
                {t("changeOwner")}
              </Menu.Item>
            )}
            {can("void") && (
              <Menu.Item color="red" leftSection={<IconArchive size={17} stroke={1.6} />} onClick={() => setAsking("void")}>
                {t("void")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {asking === "owner" && <ChangeOwner object={object} record={record} name={name} onClose={close} />}
      <ConfirmDialog
        opened={asking === "void"}
        onClose={close}
        title={t("voidTitle", { name })}
        text={t("voidText")}
        confirm={t("void")}
        danger
        withReason
        onConfirm={async (reason) => {
          await doVoid.mutateAsync({ version: record.version, body: { reason: reason || undefined } });
          done("void");
        }}
      />
      <ConfirmDialog
        opened={asking === "restore"}
        onClose={close}
        title={t("restoreTitle", { name })}
        text={t("restoreText")}
        confirm={t("restore")}
        withReason
        onConfirm={async (reason) => {
          await doRestore.mutateAsync({ version: record.version, body: { reason: reason || undefined } });
          done("restore");
        }}
      />
    </>
  );
}

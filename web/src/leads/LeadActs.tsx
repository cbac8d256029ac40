import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowRight, IconBan, IconRotate2, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { AssignDialog } from "./AssignDialog";
import { ConvertDialog } from "./ConvertDialog";
import { InvalidDialog } from "./InvalidDialog";

type Asked = "assign" | "convert" | "mark_invalid" | "reopen";

/** What is done with a lead: given to somebody, converted, found invalid, taken up again. */
export function LeadActs({ object, record, name }: { object: ObjectDef; record: Rec; name: string }) {
  const { t } = useTranslation("leads");
  const [asking, setAsking] = useState<Asked>();
  const takeUp = useRecordAct(object.key, record.id, "reopen");
  const can = (act: string) => record.can?.includes(act) ?? false;
  const close = () => setAsking(undefined);
  return (
    <>
      {can("assign") && (
        <Button leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => setAsking("assign")}>
          {t("assign")}
        </Button>
      )}
      {can("convert") && (
        <Button variant={can("assign") ? "default" : "filled"} leftSection={<IconArrowRight size={16} stroke={1.7} />} onClick={() => setAsking("convert")}>
          {t("convert")}
        </Button>
      )}
      {can("mark_invalid") && (
        <Button variant="default" leftSection={<IconBan size={16} stroke={1.7} />} onClick={() => setAsking("mark_invalid")}>
          {t("markInvalid")}
        </Button>
      )}
      {can("reopen") && (
        <Button variant="default" leftSection={<IconRotate2 size={16} stroke={1.7} />} onClick={() => setAsking("reopen")}>
          {t("takeUp")}
        </Button>
      )}
      {asking === "assign" && <AssignDialog object={object} record={record} name={name} onClose={close} />}
      {asking === "convert" && <ConvertDialog record={record} name={name} onClose={close} />}
      {asking === "mark_invalid" && <InvalidDialog object={object} record={record} name={name} onClose={close} />}
      <ConfirmDialog
        opened={asking === "reopen"}
        onClose={close}
        title={t("takeUpTitle", { name })}
        text={t("takeUpText")}
        confirm={t("takeUp")}
        withReason
        onConfirm={async (reason) => {
          await takeUp.mutateAsync({ version: record.version, body: { reason: reason || undefined } });
          notifications.show({ message: t("takenUp", { name }), color: "brand" });
        }}
      />
    </>
  );
}

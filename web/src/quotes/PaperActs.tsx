import { Button, Menu, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconCopyPlus, IconPrinter, IconSend, IconShoppingCart, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { toldOfRefusal } from "~/ui/undoable";
import { makeVersion, ordersOfQuote, printUrl, useAfterMoney } from "./api";
import { NewOrderDialog } from "./NewOrderDialog";
import { TurnDialog, type Turn } from "./TurnDialog";
import { standing } from "./standing";

type Step = Turn & { icon: typeof IconSend; leads?: boolean };

const STEPS: Record<string, Step[]> = {
  quote: [
    { act: "send", status: "sent", icon: IconSend, leads: true },
    { act: "accept", status: "accepted", icon: IconCheck, leads: true },
    { act: "reject", status: "rejected", icon: IconX, reason: "needed" },
    { act: "reopen", status: "sent", icon: IconArrowBackUp, reason: "asked" },
  ],
  sales_order: [
    { act: "confirm", status: "confirmed", icon: IconCheck, leads: true },
    { act: "cancel", status: "cancelled", icon: IconX, reason: "asked" },
  ],
};

/** What may be done with a quote or an order. What one may not do is not there; what stands against an act is told with it. */
export function PaperActs({ record }: { record: Rec }) {
  const { t } = useTranslation("quotes");
  const language = useLanguage();
  const navigate = useNavigate();
  const after = useAfterMoney();
  const order = useObject("sales_order");
  const [turning, setTurning] = useState<Turn>();
  const [ordering, setOrdering] = useState(false);
  // Once it is ordered, another order is possible but no longer what comes next.
  const orders = useQuery({ ...ordersOfQuote(record.id), enabled: record.object === "quote" && record.fields.quote_status === "accepted" });
  const ordered = !orders.data || orders.data.some((one) => one.fields.order_status !== "cancelled");
  const version = useMutation({
    mutationFn: () => makeVersion(record, `${record.id}-${record.version}-version`),
    onSuccess: ({ record: made }) => {
      after(made);
      if (!made) return;
      told(t("versionMade", { version: String(made.fields.version_no ?? "") }));
      void navigate({ to: "/o/$object/$id", params: { object: "quote", id: made.id } });
    },
    onError: toldOfRefusal,
  });
  const acts = standing(record, order);
  const shown = (STEPS[record.object] ?? []).filter((step) => acts.can(step.act) || acts.why(step.act));
  const act = (key: string, icon: React.ReactNode, filled: boolean, onClick: () => void, loading = false) => {
    const why = acts.can(key) ? undefined : acts.why(key);
    const button = (
      <Button key={key} variant={filled && !why ? "filled" : "default"} leftSection={icon} data-disabled={why ? true : undefined} aria-disabled={why ? true : undefined} loading={loading} onClick={() => !why && onClick()}>
        {t(`turn.${key}.act` as "turn.send.act")}
      </Button>
    );
    return why ? (
      <Tooltip key={key} label={t(`stands.${why.replace(".", "_")}` as "stands.other", { defaultValue: t("stands.other") })} events={{ hover: true, focus: true, touch: true }}>
        {button}
      </Tooltip>
    ) : (
      button
    );
  };
  return (
    <>
      {shown.map((step) => act(step.act, <step.icon size={16} stroke={1.7} />, Boolean(step.leads), () => setTurning(step.act === "cancel" && record.fields.order_status === "confirmed" ? { ...step, reason: "needed" } : step.act === "reopen" && record.fields.quote_status === "accepted" ? { ...step, reason: "needed" } : step)))}
      {(acts.can("create_order") || acts.why("create_order")) && act("create_order", <IconShoppingCart size={16} stroke={1.7} />, !ordered, () => setOrdering(true))}
      {(acts.can("new_version") || acts.why("new_version")) && act("new_version", <IconCopyPlus size={16} stroke={1.7} />, false, () => version.mutate(), version.isPending)}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconPrinter size={16} stroke={1.7} />}>
            {t("print")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(language === "en" ? (["en", "zh-CN"] as const) : (["zh-CN", "en"] as const)).map((one) => (
            <Menu.Item key={one} component="a" href={printUrl(record, one)} target="_blank" rel="noreferrer">
              {t(`printIn.${one}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {turning && <TurnDialog record={record} turn={turning} onClose={() => setTurning(undefined)} />}
      {ordering && <NewOrderDialog from={record} onClose={() => setOrdering(false)} />}
    </>
  );
}

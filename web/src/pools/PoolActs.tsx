import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowsExchange, IconCornerDownLeft, IconDroplet, IconHandGrab, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHoldingCheck } from "~/api/holdings";
import { usePools } from "~/api/pools";
import type { ObjectDef, Rec } from "~/api/types";
import { AssignDialog } from "~/leads/AssignDialog";
import { useIsPhone } from "./useIsPhone";
import { MovePoolDialog } from "./MovePoolDialog";
import classes from "./pools.module.css";
import { ReturnDialog } from "./ReturnDialog";
import { useClaim } from "./useClaim";
import { WhyNot } from "./WhyNot";
import { WhyNotDialog } from "./WhyNotDialog";

type Asked = "assign" | "return" | "move";

/** What is done with a record that lies in a pool or may go back into one. */
export function PoolActs({ object, record, name }: { object: ObjectDef; record: Rec; name: string }) {
  const { t } = useTranslation("pools");
  const { t: leads } = useTranslation("leads");
  const phone = useIsPhone();
  const [asking, setAsking] = useState<Asked>();
  const { claim, busy, refusal, setRefusal } = useClaim(object.key);
  const can = (act: string) => record.can?.includes(act) ?? false;
  const stands = (act: string) => record.cannot?.find((one) => one.act === act)?.code;
  const close = () => setAsking(undefined);
  // Before it is pressed one is told that there is no room, or that the pool gives no more today.
  const room = useHoldingCheck({ object: object.key, records: [record.id] }, can("claim"));
  const pool = usePools(can("claim")).data?.items.find((it) => it.id === record.fields["pool"]);
  const kept = stands("claim") ?? (room.data?.allowed === false ? "holding.limit_reached" : pool?.left_today === 0 ? "pool.daily_limit" : undefined);
  // Of leads the assigning stands with the other acts of a lead.
  const assigns = can("assign") && object.key !== "lead";
  const rest = [
    ...(can("return") ? [{ act: "return" as const, icon: IconCornerDownLeft, text: t("return") }] : []),
    ...(can("move_pool") ? [{ act: "move" as const, icon: IconArrowsExchange, text: t("move") }] : []),
  ];
  return (
    <>
      {(can("claim") || kept) && (
        <span className={classes.claim}>
          <Button leftSection={<IconHandGrab size={16} stroke={1.7} />} disabled={kept !== undefined} loading={busy === record.id} onClick={() => claim(record, name, () => undefined)}>
            {t("claim")}
          </Button>
          {kept && <WhyNot object={object.key} record={record.id} code={kept} />}
        </span>
      )}
      {assigns && (
        <Button variant={can("claim") ? "default" : "filled"} leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => setAsking("assign")}>
          {leads("assign")}
        </Button>
      )}
      {rest.length > 0 && !phone && rest.length === 1 && (
        <Button variant="default" leftSection={rest[0]!.act === "return" ? <IconCornerDownLeft size={16} stroke={1.7} /> : <IconArrowsExchange size={16} stroke={1.7} />} onClick={() => setAsking(rest[0]!.act)}>
          {rest[0]!.text}
        </Button>
      )}
      {rest.length > 0 && (phone || rest.length > 1) && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            {phone ? (
              <ActionIcon variant="default" size={36} aria-label={t("pool")}>
                <IconDroplet size={17} stroke={1.7} />
              </ActionIcon>
            ) : (
              <Button variant="default" leftSection={<IconDroplet size={16} stroke={1.7} />}>
                {t("pool")}
              </Button>
            )}
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ act, icon: Icon, text }) => (
              <Menu.Item key={act} leftSection={<Icon size={17} stroke={1.6} />} onClick={() => setAsking(act)}>
                {text}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {asking === "assign" && <AssignDialog object={object} record={record} name={name} onClose={close} />}
      {asking === "return" && <ReturnDialog object={object} record={record} name={name} onClose={close} />}
      {asking === "move" && <MovePoolDialog object={object} record={record} name={name} onClose={close} />}
      {refusal && <WhyNotDialog object={object.key} record={refusal.record.id} name={refusal.name} violations={refusal.violations} onClose={() => setRefusal(undefined)} />}
    </>
  );
}

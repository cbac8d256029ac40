import { Badge, Table, Text } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile, IconDeviceTablet, IconTerminal2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "~/api/schema";
import { Instant } from "~/ui/Instant";
import classes from "./security.module.css";

export type Session = components["schemas"]["Session"];

const DEVICES = { desktop: IconDeviceDesktop, phone: IconDeviceMobile, tablet: IconDeviceTablet, program: IconTerminal2 };

/** Sessions: on which device, from where, since when. `act` is what can be done with one. */
export function SessionList({ sessions, act }: { sessions: Session[]; act: (session: Session, name: string) => ReactNode }) {
  const { t } = useTranslation("security");
  if (sessions.length === 0) return <Text c="dimmed">{t("noSessions")}</Text>;
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table verticalSpacing={7} fz="sm" aria-label={t("sessions")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("device")}</Table.Th>
            <Table.Th visibleFrom="sm">{t("signedIn")}</Table.Th>
            <Table.Th>{t("lastSeen")}</Table.Th>
            <Table.Th aria-label={t("end")} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => {
            const Icon = DEVICES[session.device];
            const name = nameOf(session) || t("unknownDevice");
            return (
              <Table.Tr key={session.id}>
                <Table.Td>
                  <div className={classes.device} title={session.agent || undefined}>
                    <Icon size={20} stroke={1.5} aria-hidden />
                    <div>
                      <Text size="sm" fw={600}>
                        {name}{" "}
                        {session.this && (
                          <Badge size="sm">
                            {t("this")}
                          </Badge>
                        )}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {session.address} · {t(`how.${session.how}`)}
                      </Text>
                    </div>
                  </div>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Instant value={session.signed_in_at} />
                </Table.Td>
                <Table.Td>
                  <Instant value={session.last_seen_at} relative />
                </Table.Td>
                <Table.Td ta="end">{act(session, name)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function nameOf({ browser, system, agent }: Session): string {
  const known = [browser, system].filter(Boolean).join(" · ");
  // A program names itself and its version first.
  return known || (agent.split(" ")[0] ?? "");
}

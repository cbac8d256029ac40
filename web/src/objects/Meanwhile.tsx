import { Alert, Button, Group } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import sides from "~/records/Conflict.module.css";

/** A part of a definition as it is now, and as one would have it. */
export type Side = { name: string; now: ReactNode; mine: ReactNode };
type Props = {
  /** What both have changed; empty where it is told otherwise. */
  rows: Side[];
  text?: string;
  busy: boolean;
  children?: ReactNode;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
};

/** Somebody else has changed the same meanwhile: what it is now, and the choice. What was typed stays until then. */
export function Meanwhile({ rows, text, busy, children, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTranslation("objects");
  const { t: records } = useTranslation("records");
  return (
    <Alert variant="light" role="alert" mb="sm" icon={<IconUsers size={18} />} title={t("meanwhile")} styles={{ root: { background: "var(--warn-ground)" }, title: { color: "var(--warn)" }, icon: { color: "var(--warn)" }, message: { color: "var(--ink)" } }}>
      <p style={{ margin: "0 0 8px" }}>{text ?? t(rows.length > 0 ? "meanwhileBoth" : "meanwhileOther")}</p>
      {rows.length > 0 && (
        <table className={sides.sides}>
          <thead>
            <tr>
              <td />
              <th scope="col">{records("nowIs")}</th>
              <th scope="col">{records("yours")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td>{row.now}</td>
                <td className={sides.mine}>{row.mine}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Group gap="sm" mt="sm">
        <Button size="compact-md" loading={busy} onClick={onKeepMine}>
          {records("keepMine")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onTakeTheirs}>
          {records("takeTheirs")}
        </Button>
        {children}
      </Group>
    </Alert>
  );
}

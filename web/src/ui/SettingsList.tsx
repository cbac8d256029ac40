import { ActionIcon, Switch } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState, type CSSProperties, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { told } from "~/objects/told";
import { ConfirmDialog } from "./ConfirmButton";
import classes from "./SettingsList.module.css";
import { toldOfRefusal } from "./undoable";

type Kept = { id: string; name: string; active: boolean };

type Props<Item extends Kept> = {
  items: Item[];
  label?: string;
  /** Where one is changed: an address, or what opens it in place. */
  open: { to: string; params: (item: Item) => Record<string, string> } | ((item: Item) => void);
  onTurn: (item: Item, active: boolean) => Promise<unknown>;
  onRemove: (item: Item) => Promise<unknown>;
  deleteTitle: (name: string) => string;
  deleteText: string;
  /** The word for being in force. */
  active?: string;
  /** What stands under the name. */
  what: (item: Item) => ReactNode;
  /** What stands beside it: each part in a column of its own. */
  beside?: (item: Item) => ReactNode;
  /** How wide those columns are. */
  columns?: string;
};

/** What an administrator keeps, one under the other: each is switched on and off, opened, and deleted when that has been confirmed. */
export function SettingsList<Item extends Kept>({ items, label, open, onTurn, onRemove, deleteTitle, deleteText, active, what, beside, columns = "" }: Props<Item>) {
  const { t } = useTranslation("ui");
  const [turning, setTurning] = useState<string>();
  const [removed, setRemoved] = useState<Item>();
  const turn = async (item: Item, on: boolean) => {
    setTurning(item.id);
    try {
      await onTurn(item, on);
      told(t(on ? "turnedOn" : "turnedOff", { name: item.name }));
    } catch (error) {
      toldOfRefusal(error);
    } finally {
      setTurning(undefined);
    }
  };
  return (
    <>
      <ul className={classes.list} aria-label={label} style={{ "--beside": columns } as CSSProperties}>
        {items.map((item) => (
          <li key={item.id} className={classes.line} data-off={!item.active || undefined}>
            <Switch size="sm" aria-label={`${active ?? t("inForce")}: ${item.name}`} checked={item.active} disabled={turning === item.id} onChange={(event) => void turn(item, event.currentTarget.checked)} />
            <div className={classes.what}>
              {typeof open === "function" ? (
                <button type="button" className={classes.name} onClick={() => open(item)}>
                  {item.name}
                </button>
              ) : (
                <Link to={open.to as never} params={open.params(item) as never} className={classes.name}>
                  {item.name}
                </Link>
              )}
              {what(item)}
            </div>
            {beside?.(item)}
            <span className={classes.acts}>
              {typeof open === "function" ? (
                <ActionIcon aria-label={`${t("edit")}: ${item.name}`} onClick={() => open(item)}>
                  <IconPencil size={16} />
                </ActionIcon>
              ) : (
                <ActionIcon component={Link} to={open.to as never} params={open.params(item) as never} aria-label={`${t("edit")}: ${item.name}`}>
                  <IconPencil size={16} />
                </ActionIcon>
              )}
              <ActionIcon aria-label={`${t("delete")}: ${item.name}`} onClick={() => setRemoved(item)}>
                <IconTrash size={16} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={deleteTitle(removed?.name ?? "")}
        text={deleteText}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await onRemove(removed);
          told(t("gone", { name: removed.name }));
        }}
      />
    </>
  );
}

import { ActionIcon, Menu } from "@mantine/core";
import { IconBuilding, IconChevronRight, IconDots, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Server } from "~/api/server";
import { useObject } from "~/api/queries";
import { FieldShow } from "~/fields/FieldShow";
import { useLanguage } from "~/i18n";
import { formatDecimal, formatMoney } from "~/ui/format";
import classes from "./hierarchy.module.css";
import { aboveOf, behind, openAtFirst, rowsOf, type Figure, type Node, type Row } from "./tree";

type Figures = Server["AccountFigures"];
type Column = { key: keyof Figures; word: "openDeals" | "openAmount" | "won" | "ordered"; figure: Figure };

const COLUMNS: Column[] = [
  { key: "open_deals", word: "openDeals", figure: "open" },
  { key: "open_amount", word: "openAmount", figure: "open" },
  { key: "won_amount", word: "won", figure: "won" },
  { key: "ordered_amount", word: "ordered", figure: "ordered" },
];

type Named = { id: string; name: string };
type Props = { nodes: Node[]; /** The account whose screen it is. */ here: string; currency: string; onPlace?: (account: Named) => void; onAdd?: (account: Named) => void };

/** The rows of a group of companies. Arrows walk and fold, Enter opens the account. */
export function Tree({ nodes, here, currency, onPlace, onAdd }: Props) {
  const { t } = useTranslation("accounts");
  const navigate = useNavigate();
  const [open, setOpen] = useState(() => openAtFirst(nodes, here));
  const [at, setAt] = useState(here);
  const [known, setKnown] = useState(nodes);
  const table = useRef<HTMLTableElement>(null);
  if (known !== nodes) {
    setKnown(nodes);
    // Whoever has come since is seen, and what was folded stays so.
    const before = new Set(known.map((node) => node.id));
    const fresh = nodes.filter((node) => !before.has(node.id)).flatMap((node) => [node.id, ...aboveOf(nodes, node.id)]);
    if (fresh.length > 0) setOpen((now) => new Set([...now, ...fresh]));
  }
  const rows = rowsOf(nodes, open);
  const current = rows.some((row) => row.node.id === at) ? at : rows[0]?.node.id;
  const fold = (id: string, wanted: boolean) =>
    setOpen((now) => {
      const next = new Set(now);
      if (wanted) next.add(id);
      else next.delete(id);
      return next;
    });
  const go = (id: string | undefined) => {
    if (!id) return;
    setAt(id);
    table.current?.querySelector<HTMLElement>(`[data-account="${id}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent, row: Row, index: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(rows[index + 1]?.node.id),
      ArrowUp: () => go(rows[index - 1]?.node.id),
      Home: () => go(rows[0]?.node.id),
      End: () => go(rows.at(-1)?.node.id),
      ArrowRight: () => (row.leads && !row.open ? fold(row.node.id, true) : row.open && go(rows[index + 1]?.node.id)),
      ArrowLeft: () => (row.open ? fold(row.node.id, false) : go(row.node.parent ?? undefined)),
      Enter: () => void navigate({ to: "/o/$object/$id", params: { object: "account", id: row.node.id } }),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div className={classes.scroll}>
      <table ref={table} role="treegrid" className={classes.table} aria-label={t("caption")}>
        <thead>
          <tr role="row">
            <th role="columnheader" scope="col">
              {t("account")}
            </th>
            {COLUMNS.map(({ key, word }) => (
              <th key={key} role="columnheader" scope="col" data-figures>
                {t(word)}
              </th>
            ))}
            <th role="columnheader" scope="col" aria-label={t("more", { name: "" }).trim()} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr
              key={row.node.id}
              role="row"
              data-account={row.node.id}
              aria-level={row.level}
              aria-posinset={row.place}
              aria-setsize={row.of}
              aria-expanded={row.leads ? row.open : undefined}
              aria-current={row.node.id === here || undefined}
              tabIndex={row.node.id === current ? 0 : -1}
              onFocus={(event) => event.target === event.currentTarget && setAt(row.node.id)}
              onKeyDown={(event) => onKey(event, row, index)}
            >
              <td role="gridcell" className={classes.called} style={{ "--level": row.level - 1 } as React.CSSProperties}>
                <Called row={row} here={row.node.id === here} onFold={() => fold(row.node.id, !row.open)} />
              </td>
              {COLUMNS.map((column) => (
                <td key={column.key} role="gridcell" data-figures data-label={t(column.word)}>
                  <Cell nodes={nodes} row={row} column={column} currency={currency} />
                </td>
              ))}
              <td role="gridcell" className={classes.acts}>
                {(onPlace || onAdd) && <Acts node={row.node} onPlace={onPlace} onAdd={onAdd} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useNameOf() {
  return (node: Node) => node.name ?? "–";
}

function Called({ row: { node, leads, open }, here, onFold }: { row: Row; here: boolean; onFold: () => void }) {
  const { t } = useTranslation("accounts");
  const name = useNameOf()(node);
  const status = useObject("account")?.fields.find((field) => field.key === "status");
  return (
    <div className={classes.calledIn}>
      {leads ? (
        <ActionIcon size="sm" variant="subtle" color="gray" tabIndex={-1} aria-label={t(open ? "close" : "open", { name })} onClick={onFold}>
          <IconChevronRight size={15} className={classes.chevron} data-open={open || undefined} />
        </ActionIcon>
      ) : (
        <span className={classes.leaf} aria-hidden />
      )}
      <span className={classes.names}>
        {here ? (
          <strong>
            {name} <span className={classes.here}>{t("here")}</span>
          </strong>
        ) : (
          <Link to="/o/$object/$id" params={{ object: "account", id: node.id }} hash="hierarchy">
            {name}
          </Link>
        )}
        {status && node.status && (
          <span className={classes.status}>
            <FieldShow field={status} value={node.status} dense />
          </span>
        )}
        {node.more > 0 && open && <span className={classes.status}>{t("leftOut", { count: node.more })}</span>}
      </span>
    </div>
  );
}

function Cell({ nodes, row: { node, leads }, column, currency }: { nodes: Node[]; row: Row; column: Column; currency: string }) {
  const { t } = useTranslation("accounts");
  const language = useLanguage();
  const name = useNameOf()(node);
  const told = (figures: Figures): { text: string; title?: string; nothing: boolean } | undefined => {
    const value = figures[column.key];
    if (value === null || value === undefined) return undefined;
    if (typeof value === "number") return { text: formatDecimal(value, language), nothing: value === 0 };
    const others = value.by_currency.filter((one) => one.currency !== currency);
    return {
      text: formatMoney({ amount: value.main_amount, currency }, language, true),
      // Several currencies are converted, and told each for itself.
      title: others.length > 0 ? value.by_currency.map((one) => formatMoney(one, language)).join(" + ") : undefined,
      nothing: value.by_currency.length === 0,
    };
  };
  const shown = (which: "total" | "own") => {
    const one = told(node[which]);
    if (!one) return <span className={classes.none}>–</span>;
    const list = one.nothing ? undefined : behind(nodes, node.id, column.figure, which === "total");
    const text = which === "own" ? t("own", { figure: one.text }) : one.text;
    if (!list) return <span title={one.title}>{text}</span>;
    return (
      <Link to="/o/$object" params={{ object: list.object }} search={{ filter: list.filter }} title={one.title} aria-label={t(which === "total" ? "behindTotal" : "behindOwn", { name, figure: t(column.word), value: one.text })}>
        {text}
      </Link>
    );
  };
  return (
    <>
      <span className={classes.total}>{shown("total")}</span>
      {leads && told(node.own) && <span className={classes.own}>{shown("own")}</span>}
    </>
  );
}

function Acts({ node, onPlace, onAdd }: { node: Node } & Pick<Props, "onPlace" | "onAdd">) {
  const { t } = useTranslation("accounts");
  const name = useNameOf()(node);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("more", { name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onPlace && (
          <Menu.Item leftSection={<IconBuilding size={15} />} onClick={() => onPlace({ id: node.id, name })}>
            {t("changeParent")}
          </Menu.Item>
        )}
        {onAdd && (
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => onAdd({ id: node.id, name })}>
            {t("addBelow")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

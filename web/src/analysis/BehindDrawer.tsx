import { Button, Drawer } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { recordsBehind, useBehind } from "~/api/analysis";
import { useObject } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { kindOf } from "~/fields/registry";
import { useLabel } from "~/i18n";
import { useIsPhone } from "~/pools/useIsPhone";
import { columnsShown } from "~/records/listView";
import { nameOf } from "~/records/RecordDialog";
import { useColumns } from "~/records/useColumns";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import type { BehindProps, MoreColumn } from "./Behind";
import classes from "./behind.module.css";
import { useFigures } from "./figures";

/** The records behind a figure, with how many they are and what they come to. */
export function BehindDrawer({ address, title, list, more = [], onClose }: BehindProps) {
  const phone = useIsPhone();
  const { t } = useTranslation("analysis");
  const figures = useFigures();
  const behind = useBehind(address);
  const first = behind.data?.pages[0];
  const rows = recordsBehind(behind.data);
  const object = useObject(first?.object ?? list?.object ?? "opportunity");
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  // Begun open it would show at once; this way it slides in, and the focus goes into it.
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(true), []);

  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={phone ? "100%" : 860} title={title} padding={0} classNames={{ header: classes.header, body: classes.body, content: classes.content }} attributes={{ content: { "aria-label": title } }}>
      {behind.isError ? (
        <ErrorState compact error={behind.error} onRetry={() => void behind.refetch()} />
      ) : !first || !object ? (
        <div className={classes.pad}>
          <RowSkeletons rows={10} />
        </div>
      ) : (
        <>
          <div className={classes.told} role="status">
            <span>
              <strong data-count={first.count}>{t("behind.count", { count: first.count, shown: figures.count(first.count) })}</strong>
            </span>
            {first.amount !== null && first.amount !== undefined && (
              <span>
                {t("behind.sum")} <strong data-amount={first.amount}>{figures.amount(first.amount, first.main_currency)}</strong>
              </span>
            )}
            {list && first.count > 0 && (
              <Button component={Link} to="/o/$object" params={{ object: list.object } as never} search={{ filter: list.filter } as never} variant="subtle" size="compact-sm" ml="auto" leftSection={<IconList size={15} />}>
                {t("behind.asList")}
              </Button>
            )}
          </div>
          {first.count === 0 ? (
            <p className={classes.none}>{t("behind.none")}</p>
          ) : (
            <div className={classes.scroller} ref={setScroller} tabIndex={-1}>
              {phone ? <Cards object={object} rows={rows} more={more} /> : <Rows object={object} rows={rows} more={more} title={title} />}
              <More key={rows.length} scroller={scroller} more={behind.hasNextPage} busy={behind.isFetchingNextPage} onMore={() => void behind.fetchNextPage()} />
            </div>
          )}
        </>
      )}
    </Drawer>
  );
}

function useShownColumns(object: ObjectDef) {
  const { kept } = useColumns(object);
  return columnsShown(object, kept).filter((field) => field.key !== object.name_field);
}

type RowsProps = { object: ObjectDef; rows: Rec[]; more: MoreColumn[] };

function Rows({ object, rows, more, title }: RowsProps & { title: string }) {
  const label = useLabel();
  const columns = useShownColumns(object);
  return (
    <table className={classes.table} aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{label(object.fields.find((field) => field.key === object.name_field)?.label ?? object.label)}</th>
          {more.map((column) => (
            <th key={column.key} scope="col" data-figures>
              {column.title}
            </th>
          ))}
          {columns.map((field) => (
            <th key={field.key} scope="col" data-figures={kindOf(field).figures || undefined}>
              {label(field.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Name object={object} row={row} />
            </th>
            {more.map((column) => (
              <td key={column.key} data-figures>
                {column.show(row)}
              </td>
            ))}
            {columns.map((field) => (
              <td key={field.key} data-figures={kindOf(field).figures || undefined}>
                <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense veiled={row.veiled?.includes(field.key)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What has been deleted for good since has a name, and no page. */
function Name({ object, row }: { object: ObjectDef; row: Rec & { deleted?: boolean } }) {
  const name = nameOf(object, row);
  if (row.deleted) return <>{name}</>;
  return (
    <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }}>
      {name}
    </Link>
  );
}

const FACTS = 4;

function Cards({ object, rows, more }: RowsProps) {
  const columns = useShownColumns(object).slice(0, FACTS);
  return (
    <ul className={classes.cards}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.card}>
            <span className={classes.name}>{nameOf(object, row)}</span>
            <span className={classes.facts}>
              {more.map((column) => (
                <span key={column.key}>
                  {column.title} {column.show(row)}
                </span>
              ))}
              {columns.map((field) => (
                <FieldShow key={field.key} field={field} value={row.fields[field.key]} refs={row.refs} dense veiled={row.veiled?.includes(field.key)} />
              ))}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

type MoreProps = { scroller: HTMLElement | null; more: boolean; busy: boolean; onMore: () => void };

/** Reads on as its place comes into sight; a button for those who do not scroll. */
function More({ scroller, more, busy, onMore }: MoreProps) {
  const { t } = useTranslation("analysis");
  const end = useRef<HTMLDivElement>(null);
  const read = useRef(onMore);
  read.current = onMore;
  useEffect(() => {
    if (!more || !end.current || !scroller) return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && read.current(), { root: scroller, rootMargin: "300px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more, scroller]);
  return (
    <div ref={end} className={classes.end}>
      {more ? (
        <Button variant="subtle" size="compact-sm" loading={busy} onClick={onMore}>
          {t("behind.more")}
        </Button>
      ) : (
        <span>{t("behind.all")}</span>
      )}
    </div>
  );
}

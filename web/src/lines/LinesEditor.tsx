import { Alert, Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck, IconUsers } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { keys, useAfterWrite } from "~/api/queries";
import type { Field, MoneyValue, ObjectDef, Rec, Value } from "~/api/types";
import type { Column } from "~/grid/columns";
import { shownText } from "~/grid/cellText";
import { refusals } from "~/grid/findings";
import type { Findings } from "~/grid/Grid";
import { GridView } from "~/grid/GridView";
import { hasUnread, isBlank, isChanged, newRow, rowOf, valueOf, wantedOf, type GridRow } from "~/grid/rows";
import { useGrid } from "~/grid/useGrid";
import { useLabel, useLanguage } from "~/i18n";
import { formatMoney } from "~/ui/format";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { saveRows, type RowsSent } from "./api";
import { moneyOf } from "./arithmetic";
import { amountsOf } from "./lineColumns";
import classes from "./lines.module.css";
import { merged, toldOf, type Merged } from "./merged";
import { Totals } from "./Totals";
import { useFollows } from "./useFollows";
import { useMayEdit } from "./useMayEdit";

type Props = { object: ObjectDef; columns: Column[]; record: Rec; records: Rec[]; reread: () => Promise<Rec[]>; start: Record<string, Value>; currency: string; ordered: boolean; /** The price book that holds, by its name. */ book?: string; onChanged: (changed: boolean) => void };

/** Every row with its place, where the order is another than the kept one; new rows at the end get theirs from the server. */
function inOrder(rows: GridRow[], kept: Rec[]): GridRow[] {
  const present = rows.filter((row) => !row.removed && !isBlank(row));
  const ids = present.flatMap((row) => row.id ?? []);
  const firstNew = present.findIndex((row) => row.id === undefined);
  const appended = firstNew < 0 || present.slice(firstNew).every((row) => row.id === undefined);
  if (appended && ids.join() === kept.flatMap((record) => (ids.includes(record.id) ? record.id : [])).join()) return rows;
  const places = new Map(present.map((row, index) => [row.key, String(index + 1)]));
  return rows.map((row) => {
    const place = places.get(row.key);
    return place === undefined || String(valueOf(row, "position") ?? "") === place ? row : { ...row, draft: { ...row.draft, position: place } };
  });
}

const isTaken = (error: unknown) => error instanceof ApiProblem && (error.status === 409 || error.violations.some((one) => one.code === "record.version_conflict" || /(^|[./\]])id$/.test(one.path ?? "")));

/** Rows are changed as one likes and saved all at once, or not at all. */
export function LinesEditor({ object, columns, record, records, reread, start, currency, ordered, book, onChanged }: Props) {
  const { t } = useTranslation("lines");
  const label = useLabel();
  const language = useLanguage();
  const client = useQueryClient();
  const after = useAfterWrite();
  const { may, why } = useMayEdit(record, object);
  const follows = useFollows(object.key, record, currency);
  const [base, setBase] = useState(records);
  const [sentKeys, setSentKeys] = useState<string[]>([]);
  const [met, setMet] = useState<Merged>();
  const fresh = () => (records.length > 0 || !may ? records.map(rowOf) : [newRow("new-0", start)]);
  const sent = useRef<{ text: string; key: string }>(undefined);
  const save = useMutation({
    mutationFn: (body: RowsSent) => {
      // The same once more after a lost answer must not make the new rows twice.
      const text = JSON.stringify(body);
      if (sent.current?.text !== text) sent.current = { text, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
      return saveRows(record.object, record.id, body, sent.current.key);
    },
  });
  const grid = useGrid({ initial: fresh, columns, currency, start, follows, onChange: () => save.isError && save.reset() });
  const { rows } = grid;
  const placed = ordered ? inOrder(rows, base) : rows;
  const changed = may && isChanged(placed);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => onChanged(changed), [changed, onChanged]);
  // What others save comes in by itself while one has changed nothing.
  if (base !== records && !isOlder(records, base)) {
    setBase(records);
    if (!changed) grid.reset(fresh());
    else if (differs(base, records)) setMet(merged(rows, records, start));
  }
  const bringIn = (found: Merged) => {
    grid.change(() => found.rows);
    setMet({ ...found, rows: [] });
  };
  const send = async () => {
    if (save.isPending || !changed || hasUnread(rows)) return;
    const sendable = new Set([...columns.filter((column) => !column.shows).map((column) => column.field.key), "name", ...(ordered ? ["position"] : [])]);
    const { wanted, keys: order } = wantedOf(placed, (key) => sendable.has(key));
    const kept = wanted.flatMap((row, at) => ("delete" in row ? [] : [{ row, key: order[at]! }]));
    setSentKeys(kept.map((one) => one.key));
    try {
      const answer = await save.mutateAsync({
        rows: kept.map(({ row }) => ({ ...("id" in row ? { id: row.id, version: row.version } : {}), fields: "fields" in row ? row.fields : {} })),
        removed: wanted.flatMap((row) => ("delete" in row ? [row.id] : [])),
      });
      setMet(undefined);
      const now = await reread();
      setBase(now);
      const focus = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-cell]")?.dataset.cell;
      grid.reset(now.length > 0 ? now.map(rowOf) : [newRow("new-0", start)]);
      if (focus) requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-cell="${focus}"] input`)?.focus());
      notifications.show({ message: t("saved"), icon: <IconCheck size={18} /> });
      after(answer.record);
      for (const queryKey of [keys.records(record.object), ["board"], ["records", "opportunity"], ["timeline"]]) void client.invalidateQueries({ queryKey });
    } catch (error) {
      if (isTaken(error)) {
        const now = await reread();
        setBase(now);
        bringIn(merged(rows, now, start));
        save.reset();
      } else {
        requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus());
      }
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    void send();
  };
  const refused = refusals(save.error, sentKeys);
  const fieldOf = (key: string): Field | undefined => object.fields.find((field) => field.key === key);
  const wordsOf = (value: Value) => (value && typeof value === "object" && "amount" in value ? formatMoney(value as MoneyValue, language) : value === null || value === undefined ? t("nothing") : String(value));
  const clashes = met ? toldOf(met, rows, (value) => t("theirs", { value: wordsOf(value) })) : {};
  const findings: Findings = { ...clashes };
  for (const [key, fields] of Object.entries(refused.byRow)) findings[key] = { ...findings[key], ...fields };
  const waiting = met !== undefined && met.rows.length > 0;
  return (
    <div ref={frame} onKeyDown={onKey} className={classes.editor}>
      {why && (
        <Alert variant="light" color="gray" p="xs">
          {why}
        </Alert>
      )}
      {met && (
        <Alert variant="light" color="orange" icon={<IconUsers size={18} />} withCloseButton={!waiting} onClose={() => setMet(undefined)} closeButtonLabel={t("close", { ns: "ui" })}>
          <Group justify="space-between" gap="xs">
            <span>{waiting ? t("othersSaved") : t("broughtIn")}</span>
            {waiting && (
              <Button size="compact-sm" variant="default" onClick={() => bringIn(merged(rows, records, start))}>
                {t("bringIn")}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {refused.general.map((text) => (
        <Alert key={text} color="red" variant="light" role="alert" tabIndex={-1} icon={<IconAlertTriangle size={18} />}>
          {text}
        </Alert>
      ))}
      {Object.entries(refused.byRow).some(([, fields]) => Object.keys(fields).length > 0) && (
        <Text size="sm" c="var(--danger)" role="alert">
          {t("notSaved", { count: Object.keys(refused.byRow).length })}
        </Text>
      )}
      {rows.length === 0 && !may ? (
        <Text c="dimmed">{t("noRows", { objects: label(object.plural).toLowerCase() })}</Text>
      ) : (
        <GridView
          grid={grid}
          label={label(object.plural)}
          columns={columns}
          findings={findings}
          currency={currency}
          readOnly={!may}
          ordered={ordered}
          note={book && may ? ` · ${t("pricesFrom", { book })}` : undefined}
          card={(row) => <LineCard row={row} price={fieldOf("price")} currency={currency} />}
        />
      )}
      {record.object !== "price_book" && <Totals record={record} rows={rows} currency={currency} changed={changed} may={may} />}
      {may && changed && (
        <div className={classes.bar} role="region" aria-label={t("unsaved")}>
          <Text size="sm" fw={550}>
            {hasUnread(rows) ? t("putRight") : t("unsaved")}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              disabled={save.isPending}
              onClick={() => {
                save.reset();
                setMet(undefined);
                grid.reset(fresh());
              }}
            >
              {t("discard")}
            </Button>
            <Button loading={save.isPending} disabled={hasUnread(rows)} onClick={() => void send()}>
              {t("save")}
            </Button>
          </Group>
        </div>
      )}
      <UnsavedGuard changed={() => changed && !save.isPending} />
    </div>
  );
}

/** News that was asked for before one's own and came after it. */
const isOlder = (news: Rec[], known: Rec[]) => {
  const versions = new Map(known.map((row) => [row.id, row.version]));
  return news.some((row) => row.version < (versions.get(row.id) ?? row.version));
};

const differs = (a: Rec[], b: Rec[]) => a.length !== b.length || a.some((row, at) => row.id !== b[at]?.id || row.version !== b[at]?.version);

/** A row on a phone: what, how many at which price, and what it comes to. */
function LineCard({ row, price, currency }: { row: GridRow; price: Field | undefined; currency: string }) {
  const { t } = useTranslation("lines");
  const language = useLanguage();
  const { own } = amountsOf(row);
  const text = (key: string) => String(valueOf(row, key) ?? "");
  const product = row.refs?.[text("product")]?.name;
  const name = text("name") || product || t("unnamed");
  const each = price ? shownText(price, valueOf(row, "price"), currency, language) : "";
  const detail = [text("quantity") && `${text("quantity")} ${text("unit")}`.trim(), each && `× ${each}`, text("discount") && `− ${text("discount")} %`].filter(Boolean).join(" ");
  return (
    <>
      <span className={classes.cardHead}>
        <span className={classes.cardName}>{name}</span>
        <span className="money">{own ? formatMoney(moneyOf(own), language) : each}</span>
      </span>
      <span className={classes.cardDetail}>{[detail, product && product !== name ? product : ""].filter(Boolean).join(" · ")}</span>
    </>
  );
}

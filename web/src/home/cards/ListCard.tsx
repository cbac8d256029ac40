import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { rowsOf, useObject, useRecordList } from "~/api/queries";
import type { Condition, Field, ObjectDef, Rec } from "~/api/types";
import { useViews } from "~/api/views";
import { useConditionText } from "~/conditions/useConditionText";
import { FieldShow } from "~/fields/FieldShow";
import { kindOf } from "~/fields/registry";
import { useLabel } from "~/i18n";
import { sortOf } from "~/records/layouts";
import { columnsShown } from "~/records/listView";
import { nameOf } from "~/records/RecordDialog";
import { Card } from "../Card";
import classes from "../Home.module.css";
import type { CardProps } from "../kinds";
import { settingText } from "./params";

const FACTS = 3;
const ROWS = 20;

/** Records of an object: those of a view, or those that meet a condition. */
export function ListCard({ card }: CardProps) {
  const object = useObject(settingText(card.settings.object) ?? "");
  return object ? <Records object={object} card={card} /> : null;
}

function Records({ object, card }: { object: ObjectDef } & CardProps) {
  const { t } = useTranslation("home");
  const label = useLabel();
  const id = settingText(card.settings.view);
  const views = useViews(object.key);
  const view = id === undefined ? undefined : views?.items.find((one) => one.id === id);
  const filter = (card.settings.filter as Condition | undefined) ?? undefined;
  const sort = settingText(card.settings.sort) ?? view?.sort ?? sortOf(object.key);
  const columns = columnsShown(object, view?.columns).filter((field) => field.key !== object.name_field && field.key !== "owner");
  const figure = columns.find((field) => kindOf(field).figures);
  const facts = columns.filter((field) => field !== figure).slice(0, FACTS);
  const fields = [object.name_field, ...[...facts, ...(figure ? [figure] : [])].map((field) => field.key)];
  // Of a view its columns and its order are read with it.
  const list = useRecordList(object.key, { view: id, filter, sort, fields, limit: ROWS }, id === undefined || views !== undefined);
  const rows = rowsOf(list.data);
  const sentence = useConditionText(object.key, filter)(filter);
  return (
    <Card
      title={card.title ?? view?.name ?? label(object.plural)}
      hint={sentence || undefined}
      more={
        <Link to="/o/$object" params={{ object: object.key }} search={(id ? { view: id } : { filter, sort }) as never}>
          {t("all")}
        </Link>
      }
      error={list.error}
      onRetry={() => void list.refetch()}
      ready={list.data !== undefined}
      empty={rows.length === 0 ? t("listEmpty") : undefined}
    >
      <ul className={classes.deals}>
        {rows.map((row) => (
          <Line key={row.id} object={object} row={row} facts={facts} figure={figure} />
        ))}
      </ul>
    </Card>
  );
}

function Line({ object, row, facts, figure }: { object: ObjectDef; row: Rec; facts: Field[]; figure: Field | undefined }) {
  const show = (field: Field) => <FieldShow key={field.key} field={field} value={row.fields[field.key]} refs={row.refs} dense veiled={row.veiled?.includes(field.key)} />;
  const day = facts.find((field) => field.type === "date");
  return (
    <li>
      <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.deal}>
        <span className={classes.name}>{nameOf(object, row)}</span>
        <span className={classes.amount}>{figure && show(figure)}</span>
        <span className={classes.around}>{facts.filter((field) => field !== day).map(show)}</span>
        <span className={classes.day}>{day && show(day)}</span>
      </Link>
    </li>
  );
}

import { Button, Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useGroupAct, type DuplicateGroup } from "~/api/merging";
import type { ObjectDef, Refs } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Tone } from "~/ui/Tone";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";
import { MOST } from "./choosing";
import { MergeDialog } from "./MergeDialog";
import classes from "./merging.module.css";

/** From this likeness on two records are hardly different. */
const NEARLY_SURE = 95;

/** Records that are alike, with what they were compared by, and what to do with them. */
export function GroupCard({ object, group, refs }: { object: ObjectDef; group: DuplicateGroup; refs: Refs }) {
  const { t } = useTranslation("merging");
  const label = useLabel();
  const act = useGroupAct(object.key);
  const [merging, setMerging] = useState(false);
  const [chosen, setChosen] = useState(() => group.records.slice(0, MOST).map((record) => record.id));
  const nameField = object.name_field ?? "name";
  const columns = object.fields.filter((field) => field.key !== nameField && group.records.some((record) => !isEmpty(record.fields[field.key])));
  const open = group.state === "open";
  const there = chosen.filter((id) => group.records.some((record) => record.id === id));
  const title = String(group.records[0]?.name ?? "");
  const decide = (what: "dismiss" | "reopen") =>
    act.mutate(
      { id: group.id, act: what },
      {
        onError: toldOfRefusal,
        onSuccess: () => {
          if (what === "dismiss") toldWithUndo({ message: t("dismissed"), undo: t("undo"), onUndo: () => act.mutateAsync({ id: group.id, act: "reopen" }) });
        },
      },
    );
  return (
    <section aria-label={title}>
      <header className={classes.head}>
        <h2>{title}</h2>
        <Tone tone={group.score >= NEARLY_SURE ? "warn" : "quiet"}>{t("score", { score: group.score })}</Tone>
        <span className={classes.fine}>{t("records", { count: group.records.length })}</span>
        <div className={classes.acts}>
          {group.state === "dismissed" && (
            <Button size="compact-md" variant="default" onClick={() => decide("reopen")}>
              {t("reopen")}
            </Button>
          )}
          {open && (
            <>
              <Button size="compact-md" variant="default" onClick={() => decide("dismiss")}>
                {t("dismiss")}
              </Button>
              <Button size="compact-md" disabled={there.length < 2 || there.length > MOST} onClick={() => setMerging(true)}>
                {t("merge")}
              </Button>
            </>
          )}
        </div>
      </header>
      {open && group.records.length > MOST && <p className={classes.fine} style={{ padding: "8px 14px 0" }}>{t("atMost")}</p>}
      <div className={classes.scroll}>
        <table className={classes.records}>
          <thead>
            <tr>
              <th>{label(object.fields.find((field) => field.key === nameField)?.label)}</th>
              {columns.map((field) => (
                <th key={field.key}>{label(field.label)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.records.map((record) => (
              <tr key={record.id}>
                <td>
                  <span style={{ display: "inline-flex", gap: 9 }}>
                    {open && group.records.length > 2 && (
                      <Checkbox
                        size="xs"
                        mt={2}
                        aria-label={t("choose", { name: record.name })}
                        checked={chosen.includes(record.id)}
                        onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, record.id] : chosen.filter((id) => id !== record.id))}
                      />
                    )}
                    <Link to="/o/$object/$id" params={{ object: object.key, id: record.id }}>
                      {record.name ?? record.id}
                    </Link>
                  </span>
                </td>
                {columns.map((field) => (
                  <td key={field.key} data-label={label(field.label)}>
                    <FieldShow field={field} value={record.fields[field.key]} refs={refs} dense />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {merging && <MergeDialog object={object} ids={there} onClose={() => setMerging(false)} />}
    </section>
  );
}

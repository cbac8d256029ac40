import { Button, Progress, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition, FieldDefinition, Job } from "~/api/definitions";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { formatDecimal } from "~/ui/format";
import { FieldDrawer } from "./FieldDrawer";
import { TYPE_ICONS } from "./fieldTypes";
import { StateBadge } from "./StateBadge";
import classes from "./objects.module.css";

type Which = "all" | "own" | "preset" | "gone";
const isGone = (field: FieldDefinition) => field.state === "disabled" || field.state === "hidden";

/** The fields of an object, those that are not in use included. */
export function FieldsTab({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const navigate = useNavigate();
  const { field: opened } = useSearch({ strict: false }) as { field?: string };
  const [typed, setTyped] = useState("");
  const [which, setWhich] = useState<Which>("all");
  const [creating, setCreating] = useState(false);
  const open = (key: string | undefined) => void navigate({ to: ".", search: key ? { field: key } : {}, replace: true } as never);
  const words = typed.trim().toLowerCase();
  const shown = object.fields.filter(
    (field) =>
      (which === "all" || (which === "gone" ? isGone(field) : !isGone(field) && (which === "own") === field.own)) &&
      (!words || [field.key, field.label.en, field.label["zh-CN"]].some((text) => text.toLowerCase().includes(words))),
  );
  const edited = object.fields.find((field) => field.key === opened);

  return (
    <>
      <div className={classes.bar}>
        <TextInput type="search" aria-label={t("searchFields")} placeholder={t("searchFields")} leftSection={<IconSearch size={15} />} w={210} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <SegmentedControl
          aria-label={t("which")}
          size="sm"
          value={which}
          onChange={(it) => setWhich(it as Which)}
          data={[
            { value: "all", label: t("whichAll") },
            { value: "own", label: t("whichOwn") },
            { value: "preset", label: t("whichPreset") },
            ...(object.fields.some(isGone) || which === "gone" ? [{ value: "gone", label: t("whichGone") }] : []),
          ]}
        />
        <span className={`${classes.fine} ${classes.wide}`}>{t("room", { used: object.room.fields, limit: object.room.limit })}</span>
        {object.state === "live" && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t("newField")}
          </Button>
        )}
      </div>
      {shown.length === 0 ? (
        <EmptyState title={t("noFields")}>{t("noFieldsHint")}</EmptyState>
      ) : (
        <div className={classes.frame}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("label")}</th>
                <th scope="col" className={classes.wide}>
                  {t("key")}
                </th>
                <th scope="col" className={classes.wide}>
                  {t("type")}
                </th>
                <th scope="col" className={classes.wide}>
                  {t("marks")}
                </th>
                <th scope="col">{t("state")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((field) => (
                <FieldRow key={field.key} field={field} onOpen={() => open(field.key)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {creating && (
        <FieldDrawer
          object={object}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
      {edited && <FieldDrawer key={edited.key} object={object} field={edited} onClose={() => open(undefined)} />}
      <span className="visually-hidden" role="status">
        {shown.filter((field) => field.job?.state === "running").map((field) => t("workingOn", { name: label(field.label) })).join(", ")}
      </span>
    </>
  );
}

function FieldRow({ field, onOpen }: { field: FieldDefinition; onOpen: () => void }) {
  const label = useLabel();
  const type = useTypeInWords()(field);
  const marks = useMarks()(field);
  const Icon = TYPE_ICONS[field.type];
  return (
    <tr data-gone={isGone(field) || undefined}>
      <td>
        <div className={classes.nameCell}>
          {Icon && <Icon size={17} stroke={1.6} />}
          <div>
            <button type="button" className={classes.name} onClick={onOpen}>
              {label(field.label)}
            </button>
            <span className={classes.under}>{[type, ...marks].join(" · ")}</span>
          </div>
        </div>
      </td>
      <td className={`${classes.wide} ${classes.key}`}>{field.key}</td>
      <td className={classes.wide}>{type}</td>
      <td className={classes.wide}>
        <div className={classes.marks}>
          {marks.map((mark) => (
            <span key={mark} className={classes.mark}>
              {mark}
            </span>
          ))}
        </div>
      </td>
      <td>
        {field.job && (field.job.state === "running" || field.job.state === "waiting") ? (
          <Work job={field.job} />
        ) : (
          <StateBadge state={field.state} until={field.drops_at} />
        )}
      </td>
    </tr>
  );
}

/** How far the work on a field is. */
export function Work({ job }: { job: Job }) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  const share = job.total ? Math.round((100 * job.done) / job.total) : 0;
  const words = job.total ? t("working", { done: formatDecimal(job.done, language), total: formatDecimal(job.total, language) }) : t("states.filling");
  return (
    <div className={classes.work}>
      <Progress value={job.total ? share : 100} animated={!job.total} striped={!job.total} size="sm" aria-label={words} />
      <span className="figures">{words}</span>
    </div>
  );
}

/** A field's type as one says it: "Reference: Account", "Calculated: Amount". */
export function useTypeInWords() {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const objects = useObjects();
  return (field: Pick<FieldDefinition, "type" | "object" | "result">): string => {
    const type = t(`types.${field.type}`);
    const target = (field.type === "reference" || field.type === "references" || field.type === "master") && objects.find((it) => it.key === field.object);
    if (target) return t("typeTo", { type, object: label(target.label) });
    return field.result ? t("typeResult", { type, result: t(`types.${field.result}`) }) : type;
  };
}

function useMarks() {
  const { t } = useTranslation("objects");
  return (field: FieldDefinition): string[] => [
    ...(field.required ? [t("markRequired")] : []),
    ...(field.unique ? [t("markUnique")] : []),
    ...(field.fast ? [t("markFast")] : []),
    ...(field.indexed ? [t("markIndexed")] : []),
    ...(field.read_only && !field.system && field.type !== "calculated" && field.type !== "statistical" ? [t("markReadOnly")] : []),
    ...(field.settling ? [t("markSettling")] : []),
  ];
}

import { Button, Checkbox, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconEye, IconEyeOff, IconPencil, IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDefinition, type FieldDefinition } from "~/api/definitions";
import type { FieldAccess, ObjectRights } from "~/api/roles";
import { isReckoned } from "~/fields/draft";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { useActWords } from "./acts";
import classes from "./roles.module.css";

const ICONS = { hidden: IconEyeOff, read: IconEye, write: IconPencil };
const EVERYTHING: FieldAccess[] = ["hidden", "read", "write"];
/** What nobody writes by hand is seen or not. */
const kept = (field: FieldDefinition) => field.system || field.read_only || isReckoned(field);

/** What a role knows of each field, for one or for many at once. */
export function FieldRights({ object, rights, fixed, onFields }: { object: string; rights: ObjectRights; fixed?: boolean; onFields: (fields: string[], access: FieldAccess) => void }) {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const words = useActWords();
  const definition = useDefinition(object);
  const [typed, setTyped] = useState("");
  const [differ, setDiffer] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  if (definition.isError) return <ErrorState compact error={definition.error} onRetry={() => void definition.refetch()} />;
  if (!definition.data) return <RowSkeletons rows={6} />;

  const fields = definition.data.fields.filter((field) => field.state !== "hidden");
  const wanted = typed.trim().toLowerCase();
  const shown = fields.filter((field) => (!differ || rights.fields[field.key]) && `${label(field.label)} ${field.key}`.toLowerCase().includes(wanted));
  const picked = shown.filter((field) => chosen.includes(field.key));
  const accessOf = (field: FieldDefinition): FieldAccess => {
    const access = rights.fields[field.key] ?? "write";
    return kept(field) && access === "write" ? "read" : access;
  };
  // What is filled in by the product anyway is not named in the role.
  const set = (list: FieldDefinition[], access: FieldAccess) => {
    const plain = list.filter((field) => access === "read" && kept(field)).map((field) => field.key);
    const named = list.filter((field) => !plain.includes(field.key)).map((field) => field.key);
    if (plain.length > 0) onFields(plain, "write");
    if (named.length > 0) onFields(named, access);
  };

  return (
    <section>
      <h3 className={classes.part}>{t("fields")}</h3>
      <Text size="sm" c="dimmed" mb="sm">
        {t("fieldsHint")} {!rights.acts.includes("edit") && t("fieldsNoEdit", { act: words.name("edit") })}
      </Text>
      <div className={classes.fieldBar}>
        <TextInput type="search" size="sm" aria-label={t("findField")} placeholder={t("findField")} leftSection={<IconSearch size={15} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <SegmentedControl
          size="xs"
          aria-label={t("which")}
          value={differ ? "differ" : "all"}
          onChange={(which) => setDiffer(which === "differ")}
          data={[
            { value: "all", label: t("whichAll") },
            { value: "differ", label: t("whichDiffer") },
          ]}
        />
      </div>
      <div className={classes.fieldHead}>
        <Checkbox
          size="sm"
          aria-label={t("chooseAll")}
          disabled={fixed || shown.length === 0}
          checked={picked.length > 0 && picked.length === shown.length}
          indeterminate={picked.length > 0 && picked.length < shown.length}
          onChange={(event) => setChosen(event.currentTarget.checked ? shown.map((field) => field.key) : [])}
        />
        {picked.length > 0 ? (
          <>
            <span>{t("chosen", { count: picked.length })}</span>
            {EVERYTHING.map((access) => (
              <Button key={access} size="compact-sm" variant="default" aria-label={t("setAll", { access: t(`access.${access}`) })} onClick={() => set(picked, access)}>
                {t(`access.${access}`)}
              </Button>
            ))}
          </>
        ) : (
          <span>{t("chooseAll")}</span>
        )}
      </div>
      {shown.length === 0 && <p className={classes.fine}>{t("noField")}</p>}
      <ul className={classes.fields}>
        {shown.map((field) => (
          <li key={field.key}>
            <Checkbox
              size="sm"
              disabled={fixed}
              aria-label={t("chooseField", { field: label(field.label) })}
              checked={chosen.includes(field.key)}
              onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, field.key] : chosen.filter((key) => key !== field.key))}
            />
            <span className={classes.fieldName}>
              {label(field.label)}
              {kept(field) && <small>{t("keptByProduct")}</small>}
            </span>
            <AccessChoice name={label(field.label)} value={accessOf(field)} offered={kept(field) ? ["hidden", "read"] : EVERYTHING} fixed={fixed} onChange={(access) => set([field], access)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Hidden, read or write, side by side. */
function AccessChoice({ name, value, offered, fixed, onChange }: { name: string; value: FieldAccess; offered: FieldAccess[]; fixed?: boolean; onChange: (access: FieldAccess) => void }) {
  const { t } = useTranslation("roles");
  const id = useId();
  return (
    <div role="radiogroup" aria-label={t("accessOf", { field: name })} className={classes.access}>
      {offered.map((access) => {
        const Icon = ICONS[access];
        return (
          <label key={access} data-access={access} data-chosen={value === access || undefined}>
            <input type="radio" className="visually-hidden" name={id} disabled={fixed} checked={value === access} onChange={() => onChange(access)} />
            <Icon size={14} stroke={1.8} aria-hidden />
            {t(`access.${access}`)}
          </label>
        );
      })}
    </div>
  );
}

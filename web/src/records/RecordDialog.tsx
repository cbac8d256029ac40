import { Button, Group, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, patch, post } from "~/api/http";
import { fieldOfPath, findingsOfError, isConflict } from "~/api/problem";
import { useAfterWrite, useMe } from "~/api/queries";
import type { Field, ObjectDef, Rec, Refs, Saved, Value } from "~/api/types";
import { AlikePanel } from "~/duplicates/AlikePanel";
import { changesOf, editableFields, frozenIn, mustBeFilled, requiredFirst, startOf } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { RoomHint } from "~/holding/RoomHint";
import { useNames } from "~/holding/useNames";
import { useLabel } from "~/i18n";
import { Conflict } from "./Conflict";
import { Fold } from "./Fold";
import { factsOf, formSectionsOf } from "./layouts";
import { useSectionTitle } from "./Sections";
import classes from "./Sections.module.css";
import { useJudge } from "./visible";

type Props = {
  object: ObjectDef;
  /** The record to edit; without it a new one is made. */
  record?: Rec;
  /** Values known beforehand: the account from whose screen a deal is created, a change begun in place. */
  given?: Record<string, Value>;
  refs?: Refs;
  /** Everything is asked for at once. */
  entire?: boolean;
  /** The present record where a conflict has been found already. */
  present?: Rec;
  onClose: () => void;
  onSaved?: (record: Rec) => void;
};

/** Creates or edits a record in a form drawn from the object's fields. What was typed stays until it is saved or given up. */
export function RecordDialog({ object, record, given, refs, entire = false, present: foundBefore, onClose, onSaved }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const me = useMe();
  const after = useAfterWrite();
  const titleOf = useSectionTitle();
  const { isVisible, isAsked } = useJudge(object);
  const fields = useMemo(() => {
    const frozen = frozenIn(record);
    const editable = editableFields(object.fields, record ? "edit" : "create", object.key).filter((field) => !frozen.includes(field.key));
    return record ? editable : requiredFirst(editable);
  }, [object, record]);
  const [draft, setDraft] = useState<Record<string, Value>>(() => (record ? { ...given } : startOf(fields, given)));
  const [present, setPresent] = useState<Rec | undefined>(foundBefore);
  // What has been changed since the last refusal is judged anew by the server, not by the old words.
  const [changed, setChanged] = useState<string[]>([]);
  const formRef = useRef<HTMLFormElement>(null);
  const sent = useRef<{ body: string; key: string }>(undefined);
  // What the person saw on opening. Live changes go on behind the dialog; saving over them unseen would undo somebody's work.
  const [base] = useState(record);
  const values: Record<string, Value> = { ...base?.fields, ...draft };
  // A new record is asked for its essentials; the rest is one press away.
  const essential = useMemo(() => {
    const facts = factsOf(object).map((field) => field.key);
    return fields.filter((field) => mustBeFilled(field) || facts.includes(field.key) || (given !== undefined && field.key in given)).map((field) => field.key);
  }, [fields, object, given]);
  const [whole, setWhole] = useState(entire || Boolean(record) || fields.length - essential.length < 3);
  // An administrator's layout says what is on the form; without one the object's fields follow each other.
  const sections = useMemo(() => formSectionsOf(object, fields, Object.keys(given ?? {}), Boolean(record)), [object, fields, given, record])?.map((section) => ({ ...section, fields: section.fields.filter((field) => isVisible(field, values)) }));
  const shown = sections ? sections.flatMap((section) => section.fields) : fields.filter((field) => (whole || essential.includes(field.key)) && isVisible(field, values));

  const save = useMutation({
    mutationFn: async (version: number | undefined) => {
      if (base && version !== undefined) return patch<Saved>(`/records/${object.key}/${base.id}`, { fields: changesOf(changesOf(draft, base), present ?? base) }, { ifMatch: version });
      const body = { fields: asBody(draft) };
      // The same form sent again after a lost answer must not make a second record.
      const text = JSON.stringify(body);
      if (sent.current?.body !== text) sent.current = { body: text, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
      return post<Saved>(`/records/${object.key}`, body, { idempotencyKey: sent.current.key });
    },
    onSuccess: ({ record: saved, result }) => {
      after(saved);
      // That it waits for an approval is told wherever something is saved.
      if (!base && result !== "pending_approval") notifications.show({ message: t("created", { name: nameOf(object, saved) }), color: "brand" });
      onSaved?.(saved);
      onClose();
    },
    onError: (error) => {
      if (isConflict(error) && error.record) setPresent(error.record);
      const concerned = error instanceof ApiProblem ? error.violations.map((violation) => fieldOfPath(violation.path)) : [];
      if (concerned.some((key) => key && !essential.includes(key))) setWhole(true);
      // What is wrong is where one goes on, once it is drawn and the button is free again.
      setTimeout(() => formRef.current?.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus(), 60);
    },
  });

  const found = isConflict(save.error) ? undefined : findingsOfError(save.error, shown.map((field) => field.key));
  const findings = found && { ...found, byField: Object.fromEntries(Object.entries(found.byField).filter(([key]) => !changed.includes(key))) };
  const form = (part: Field[], autoFocus: boolean) => (
    <FieldForm
      fields={part}
      values={values}
      refs={{ ...base?.refs, ...refs }}
      findings={findings && { byField: findings.byField, general: [] }}
      required={part.filter((field) => isAsked(field, values)).map((field) => field.key)}
      onChange={(key, value) => {
        setDraft((now) => ({ ...now, [key]: value }));
        setChanged((now) => (now.includes(key) ? now : [...now, key]));
      }}
      autoFocus={autoFocus}
    />
  );
  // Of others one says whose room it is.
  const receiver = typeof values.owner === "string" && values.owner !== me.person.id ? values.owner : undefined;
  const nameOfOwner = useNames("employee", receiver ? [receiver] : [], refs ?? {});
  const title = base ? t("editTitle", { name: nameOf(object, base) }) : t("createTitle", { object: label(object.label).toLowerCase() });

  return (
    <Modal opened onClose={onClose} title={present ? t("conflictTitle") : title} size={680} closeOnClickOutside={Object.keys(draft).length === 0 && !save.isPending} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {present && base ? (
        <Conflict
          object={object}
          base={base}
          present={present}
          draft={draft}
          busy={save.isPending}
          onKeepMine={() => save.mutate(present.version)}
          onTakeTheirs={() => {
            after(present);
            onClose();
          }}
        />
      ) : (
        <form
          ref={formRef}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            // A form within a dialog within a screen: the press concerns this form alone.
            event.stopPropagation();
            setChanged([]);
            save.mutate(base?.version);
          }}
        >
          <GeneralFindings findings={findings} />
          {object.owned && !base && values.owner !== null && <RoomHint object={object.key} person={receiver} name={receiver && nameOfOwner(receiver)} fields={asBody(draft)} />}
          {sections
            ? sections
                .filter((section) => section.fields.length > 0)
                .map((section, index) => {
                  const concerned = section.fields.some((field) => findings?.byField[field.key]);
                  return (
                    <section key={section.key} className={classes.formSection}>
                      <Fold title={titleOf(section)} folded={section.collapsed && !concerned} key={String(concerned)} className={classes.title}>
                        {form(section.fields, index === 0)}
                      </Fold>
                    </section>
                  );
                })
            : form(shown, true)}
          {!whole && !sections && (
            <Button variant="subtle" size="compact-sm" mt="sm" ml={-8} onClick={() => setWhole(true)}>
              {t("moreFields")}
            </Button>
          )}
          <AlikePanel object={object.key} id={base?.id} fields={base ? changesOf(draft, base) : draft} />
          <Group justify="flex-end" gap="sm" mt="lg">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {base ? t("save") : t("create")}
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}

/** What is filled in, as a new record is sent. */
const asBody = (draft: Record<string, Value>) => Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== null && value !== undefined));

export function nameOf(object: ObjectDef | undefined, record: Rec): string {
  const name = record.fields[object?.name_field ?? "name"];
  if (typeof name === "string" && name) return name;
  // A role has no name of its own: it is called after whom it leads to.
  const within = typeof object?.base === "object" ? object.base?.by_parent : undefined;
  const called = object?.fields.find((field) => field.type === "reference" && field.required && field.key !== within);
  return (called && record.refs?.[String(record.fields[called.key])]?.name) || record.id;
}

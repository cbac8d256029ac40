import { Alert, Button, Drawer, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnField, useUses, type Definition, type FieldDefinition } from "~/api/definitions";
import type { FieldType } from "~/api/types";
import { useLabel } from "~/i18n";
import { RowSkeletons } from "~/ui/Skeletons";
import { Acts } from "./Acts";
import { FieldEditor } from "./FieldEditor";
import { useTypeInWords, Work } from "./FieldsTab";
import { newField, draftOfField, type FieldDraft } from "./fieldDraft";
import { TYPE_ICONS } from "./fieldTypes";
import { TypeGrid } from "./TypeGrid";
import { UseList } from "./UseList";
import { told } from "./told";
import classes from "./objects.module.css";

type Props = { object: Definition; /** The field to change; without it a new one is made. */ field?: FieldDefinition; onClose: () => void };

/** One field: its type first, then its settings, where it is used, and what can be done with it as a whole. */
export function FieldDrawer({ object, field, onClose }: Props) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const [draft, setDraft] = useState<FieldDraft | undefined>(field && draftOfField(field));
  const [touched, setTouched] = useState(false);
  const usable = !field || (field.state !== "disabled" && field.state !== "hidden");
  const saved = (name: string, message: "fieldCreated" | "fieldBeingMade" | "fieldSaved") => {
    told(t(message, { name }));
    onClose();
  };

  return (
    <Drawer opened onClose={onClose} position="right" size={640} title={field ? t("editField", { name: label(field.label) }) : t("newField")} closeOnClickOutside={!touched}>
      {!draft ? (
        <TypeGrid onChoose={(type) => setDraft(newField(type))} />
      ) : (
        <Stack gap="md">
          <ChosenType type={draft.type} field={field} onOther={field ? undefined : () => setDraft(undefined)} />
          {field?.job && field.job.state === "failed" && (
            <Alert color="red" variant="light">
              {t("workFailed", { message: field.job.message ?? "" })}
            </Alert>
          )}
          {field?.job && (field.job.state === "running" || field.job.state === "waiting") && <Work job={field.job} />}
          {usable && (
            <FieldEditor
              object={object}
              field={field}
              draft={draft}
              onChange={(change) => {
                setTouched(true);
                setDraft({ ...draft, ...change });
              }}
              onSaved={saved}
              onClose={onClose}
            >
              {field && <Whole object={object} field={field} onDone={onClose} />}
            </FieldEditor>
          )}
          {!usable && field && <Whole object={object} field={field} onDone={onClose} />}
        </Stack>
      )}
    </Drawer>
  );
}

function ChosenType({ type, field, onOther }: { type: FieldType; field?: FieldDefinition; onOther?: () => void }) {
  const { t } = useTranslation("objects");
  const words = useTypeInWords()(field ?? { type, object: undefined, result: undefined });
  const Icon = TYPE_ICONS[type];
  return (
    <div className={classes.chosenType}>
      {Icon && <Icon size={20} stroke={1.6} />}
      <span>
        {words}
        {field && <span className={classes.key}> {field.key}</span>}
      </span>
      {onOther ? (
        <Button variant="subtle" size="compact-sm" onClick={onOther}>
          {t("otherType")}
        </Button>
      ) : (
        <span className={`${classes.fine} ${classes.wide}`}>{t("fixedHint")}</span>
      )}
    </div>
  );
}

/** Where the field is used, and what can be done with it. */
function Whole({ object, field, onDone }: { object: Definition; field: FieldDefinition; onDone: () => void }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  // What is deleted is used nowhere.
  const kept = field.state !== "hidden";
  const uses = useUses(object.key, field.key, kept);
  const act = useActOnField(object.key, field.key);
  return (
    <>
      {kept && (
        <section className={classes.part}>
          <h3 className={classes.partTitle}>{t("uses")}</h3>
          {uses.isPending && <RowSkeletons rows={2} height={14} />}
          {uses.data && (uses.data.items.length > 0 ? <UseList uses={uses.data.items} /> : <p className={classes.fine}>{t("usesNone")}</p>)}
        </section>
      )}
      {!field.essential && !field.system && (
        <section className={classes.part}>
          <h3 className={classes.partTitle}>{t("acts")}</h3>
          <Acts name={label(field.label)} keyOf={field.key} state={field.state} dropsAt={field.drops_at} act={act.mutateAsync} onDone={onDone} />
        </section>
      )}
    </>
  );
}

import { NumberInput, Select, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TaskAct } from "~/api/processes";
import { useObject, useObjects } from "~/api/queries";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { targetOf } from "~/conditions/fieldPaths";
import { useLabel } from "~/i18n";
import { ObjectAndLink } from "./CreatesEditor";
import { FieldsSelect } from "./FieldsSelect";
import { FillEditor } from "./FillEditor";
import { relations, subObjects } from "./linkable";
import { at, textAt, type Problem } from "./problems";

type Of<K extends TaskAct["kind"]> = Extract<TaskAct, { kind: K }>;
type Props<A extends TaskAct> = {
  act: A;
  /** As seen from the act. */
  problems: Problem[];
  onChange: (act: TaskAct) => void;
};

/** What is to be done, by its kind. */
export function TaskActEditor({ act, ...rest }: Props<TaskAct>) {
  switch (act.kind) {
    case "edit_object":
      return <EditObject act={act} {...rest} />;
    case "create_object":
      return <CreateObject act={act} {...rest} />;
    case "edit_sub_objects":
      return <EditSubObjects act={act} {...rest} />;
    case "checklist_item":
      return null;
  }
}

const ITSELF = "";

function EditObject({ act, problems, onChange }: Props<Of<"edit_object">>) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const deal = useObject("opportunity");
  const related = relations(deal);
  const object = (act.of && related.find((field) => field.key === act.of) && targetOf(related.find((field) => field.key === act.of)!)) || "opportunity";
  return (
    <>
      <Select
        label={t("fieldsOf")}
        allowDeselect={false}
        data={[{ value: ITSELF, label: t("dealItself") }, ...related.map((field) => ({ value: field.key, label: t("relatedBy", { field: label(field.label) }) }))]}
        value={act.of ?? ITSELF}
        error={textAt(problems, "of")}
        onChange={(of) => of !== null && of !== (act.of ?? ITSELF) && onChange({ ...act, of: of || undefined, fields: [] })}
      />
      <FieldsSelect key={object} object={object} label={t("fieldsToFill")} withAsterisk value={act.fields} error={textAt(problems, "fields")} onChange={(fields) => onChange({ ...act, fields })} />
    </>
  );
}

function CreateObject({ act, problems, onChange }: Props<Of<"create_object">>) {
  const { t } = useTranslation("pipelines");
  return (
    <>
      <ObjectAndLink
        object={act.object}
        link={act.link}
        objectError={textAt(problems, "object")}
        linkError={textAt(problems, "link")}
        onChange={(object, link) => onChange(object === act.object ? { ...act, link } : { ...act, object, link, fill: [], choose_from: undefined })}
      />
      <NumberInput label={t("atLeast")} description={t("atLeastHint")} inputWrapperOrder={["label", "input", "description", "error"]} min={1} max={100} allowDecimal={false} value={act.minimum} error={textAt(problems, "minimum")} onChange={(minimum) => minimum !== "" && onChange({ ...act, minimum: Number(minimum) })} />
      {act.object && (
        <>
          <FillEditor object={act.object} link={act.link} fill={act.fill} errorAt={(index) => textAt(problems, "fill", index)} onChange={(fill) => onChange({ ...act, fill })} />
          <Switch label={t("mayChoose")} description={t("mayChooseHint")} checked={!act.create_only} onChange={(event) => onChange({ ...act, create_only: !event.currentTarget.checked, ...(event.currentTarget.checked ? {} : { choose_from: undefined }) })} />
          {!act.create_only && (
            <ConditionEditor key={act.object} object={act.object} label={t("chooseFrom")} hint={act.choose_from ? undefined : t("chooseFromHint")} value={act.choose_from} findings={at(problems, "choose_from")} onChange={(choose_from) => onChange({ ...act, choose_from })} />
          )}
        </>
      )}
    </>
  );
}

function EditSubObjects({ act, problems, onChange }: Props<Of<"edit_sub_objects">>) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const objects = subObjects(useObjects());
  return (
    <>
      <Select
        label={t("rowsOf")}
        withAsterisk
        allowDeselect={false}
        placeholder={t("chooseObject")}
        data={objects.map((object) => ({ value: object.key, label: label(object.plural) }))}
        value={act.object || null}
        error={textAt(problems, "object")}
        onChange={(object) => object && onChange({ ...act, object })}
      />
      <NumberInput label={t("rowsAtLeast")} description={t("rowsAtLeastHint")} inputWrapperOrder={["label", "input", "description", "error"]} min={0} max={1000} allowDecimal={false} value={act.minimum} error={textAt(problems, "minimum")} onChange={(minimum) => minimum !== "" && onChange({ ...act, minimum: Number(minimum) })} />
    </>
  );
}

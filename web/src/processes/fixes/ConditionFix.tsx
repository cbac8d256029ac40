import { Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject, useObjects } from "~/api/queries";
import type { Condition, Rec } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel } from "~/i18n";
import { nameOf, RecordDialog } from "~/records/RecordDialog";
import { FieldsInPlace } from "./FieldsInPlace";
import { gathered, remediesOf, type Remedy } from "./fixes";
import classes from "./fixes.module.css";

/** Which parts of a condition do not hold, and what can be done about each. */
export function ConditionFix({ parts, record, onClose }: { parts: Condition[]; record: Rec; onClose: () => void }) {
  const { t } = useTranslation("path");
  const tell = useConditionText(record.object, ...parts);
  const objects = useObjects();
  const remedies = gathered(parts.flatMap((part) => remediesOf(part, record, objects)));
  return (
    <div className={classes.fix}>
      {parts.map((part, index) => (
        <Text key={index} size="sm" className={classes.part}>
          {t("fix.unmet", { part: tell(part) })}
        </Text>
      ))}
      {remedies.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("fix.nothing")}
        </Text>
      )}
      {remedies.map((remedy, index) => (
        <Remedied key={index} remedy={remedy} record={record} onClose={onClose} />
      ))}
    </div>
  );
}

function Remedied({ remedy, record, onClose }: { remedy: Remedy; record: Rec; onClose: () => void }) {
  const { t } = useTranslation("path");
  const label = useLabel();
  const object = useObject(remedy.kind === "own" ? record.object : remedy.object);
  const deal = useObject(record.object);
  const [adding, setAdding] = useState(false);
  if (!object) return null;
  if (remedy.kind === "own") return <FieldsInPlace object={record.object} id={record.id} fields={remedy.fields} onSaved={onClose} onCancel={onClose} />;
  if (remedy.kind === "related") {
    const field = object.fields.find((it) => it.key === remedy.field);
    return (
      <div>
        <Text size="sm" fw={600} mb={4}>
          {t("fix.edit", { field: label(field?.label), record: record.refs?.[remedy.id]?.name ?? label(object.label) })}
        </Text>
        <FieldsInPlace object={remedy.object} id={remedy.id} fields={[remedy.field]} onSaved={onClose} onCancel={onClose} />
      </div>
    );
  }
  return (
    <div>
      <Button size="compact-md" variant="default" leftSection={<IconPlus size={15} />} data-autofocus onClick={() => setAdding(true)}>
        {t("fix.add", { object: label(object.label).toLowerCase() })}
      </Button>
      {adding && (
        <RecordDialog
          object={object}
          given={remedy.given}
          refs={{ ...record.refs, [record.id]: { object: record.object, name: nameOf(deal, record) } }}
          onClose={() => setAdding(false)}
          onSaved={onClose}
        />
      )}
    </div>
  );
}

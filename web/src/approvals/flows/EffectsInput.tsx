import { ActionIcon, Button, Menu, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Effect } from "~/api/approvalFlows";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { FieldEdit } from "~/fields/FieldEdit";
import { useLabel } from "~/i18n";
import classes from "./flows.module.css";
import { OneRecord } from "./OneRecord";
import { said, stepsOf, type At } from "./places";
import { SourcesInput } from "./SourcesInput";
import type { useWords } from "./useWords";

const NEW: Record<Effect["type"], Effect> = {
  set: { type: "set", field: "", value: null },
  change_owner: { type: "change_owner", to: "" },
  lock: { type: "lock" },
  unlock: { type: "unlock" },
  notify: { type: "notify", who: [{ type: "submitter" }], text: "" },
  create_task: { type: "create_task", subject: "", who: [{ type: "owner" }], due_in_days: 3 },
  webhook: { type: "webhook", name: "" },
};

type Words = ReturnType<typeof useWords>;
type Props = { object: string; label: string; effects: Effect[]; refs: Refs; words: Words; at: At; onChange: (effects: Effect[]) => void };

/** What is done besides, one after another. */
export function EffectsInput({ object, label, effects, refs, words, at, onChange }: Props) {
  const { t } = useTranslation("flows");
  return (
    <div role="group" aria-label={label} className={classes.sources}>
      <p className={classes.label}>{label}</p>
      {effects.length === 0 && <p className={classes.hint}>{t("effectNone")}</p>}
      {effects.map((effect, index) => (
        <div key={index} className={classes.source}>
          <div className={classes.sourceHead}>
            <span className={classes.sourceName}>{t(`effect.${effect.type}`)}</span>
            <ActionIcon aria-label={t("removeEffect", { effect: words.effect(effect) })} onClick={() => onChange(effects.filter((_, place) => place !== index))}>
              <IconX size={15} />
            </ActionIcon>
          </div>
          <Detail object={object} effect={effect} refs={refs} words={words} at={(...place) => at(index, ...place)} onChange={(it) => onChange(effects.map((now, place) => (place === index ? it : now)))} />
          <Own findings={at(index)} />
        </div>
      ))}
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button variant="subtle" size="compact-sm" ml={-6} w="fit-content" leftSection={<IconPlus size={14} />} aria-label={`${t("addEffect")}: ${label}`}>
            {t("addEffect")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(NEW) as Effect["type"][]).map((type) => (
            <Menu.Item key={type} onClick={() => onChange([...effects, NEW[type]])}>
              {t(`effect.${type}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** What is said against an effect as a whole. */
function Own({ findings }: { findings: ReturnType<At> }) {
  const own = said(findings.filter((it) => stepsOf(it).length === 2));
  return own ? <p className={classes.wrong}>{own}</p> : null;
}

function Detail({ object, effect, refs, words, at, onChange }: { object: string; effect: Effect; refs: Refs; words: Words; at: At; onChange: (effect: Effect) => void }) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const own = useObject(object)?.fields ?? [];
  switch (effect.type) {
    case "set": {
      const field = own.find((it) => it.key === effect.field);
      const offered = editableFields(own, "edit", object).filter((it) => !["owner", "stage", "sales_process"].includes(it.key) || it.key === effect.field);
      return (
        <>
          <Select label={t("effectField")} searchable allowDeselect={false} data={offered.map((it) => ({ value: it.key, label: label(it.label) }))} value={effect.field || null} error={said(at("field"))} onChange={(key) => key && key !== effect.field && onChange({ type: "set", field: key, value: null })} />
          {field && <FieldEdit key={field.key} field={field} label={t("effectValue")} description="" required={false} value={effect.value} refs={refs} error={said(at("value"))} onChange={(value) => onChange({ ...effect, value: value ?? null })} />}
        </>
      );
    }
    case "change_owner":
      return <OneRecord object="employee" label={t("effectOwner")} value={effect.to} refs={refs} error={said(at("to"))} onChange={(to) => onChange({ ...effect, to })} />;
    case "notify":
      return (
        <>
          <Textarea label={t("effectText")} autosize minRows={2} value={effect.text} error={said(at("text"))} onChange={(event) => onChange({ ...effect, text: event.currentTarget.value })} />
          <SourcesInput object={object} label={t("effect.notify")} sources={effect.who} refs={refs} words={words} findings={indexed(at)} onChange={(who) => onChange({ ...effect, who })} />
        </>
      );
    case "create_task":
      return (
        <>
          <TextInput label={t("effectSubject")} value={effect.subject} error={said(at("subject"))} onChange={(event) => onChange({ ...effect, subject: event.currentTarget.value })} />
          <NumberInput label={t("effectDue")} min={0} allowDecimal={false} value={effect.due_in_days} error={said(at("due_in_days"))} onChange={(days) => onChange({ ...effect, due_in_days: Number(days) || 0 })} />
          <SourcesInput object={object} label={t("effectWho")} sources={effect.who} refs={refs} words={words} findings={indexed(at)} onChange={(who) => onChange({ ...effect, who })} />
        </>
      );
    case "webhook":
      return <TextInput label={t("effectWebhook")} value={effect.name} error={said(at("name"))} onChange={(event) => onChange({ ...effect, name: event.currentTarget.value })} />;
    default:
      return null;
  }
}

/** What is said against those of an effect, as seen from their list. */
const indexed = (at: At) => at("who").map((it) => ({ ...it, path: stepsOf(it).slice(2).join(".") }));

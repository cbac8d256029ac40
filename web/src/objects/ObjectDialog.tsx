import { Button, Group, Modal, Radio, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCreateObject, useDefinitions } from "~/api/definitions";
import { findingsOfError } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Label } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { exampleNumber } from "./autoNumber";
import { IconPicker } from "./IconPicker";
import { filledLabel, keyAsTyped, noLabel, OWN, suggestKey } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { told } from "./told";
import classes from "./objects.module.css";

const SHOWN = ["label", "plural", "key", "base", "icon", "owned", "name_label", "name_number", "rights_like"];
const PARENT = "by_parent";
export const BASES = ["private", "public_read", "public_write"] as const;

/** A new kind of record. */
export function ObjectDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const objects = useObjects();
  const navigate = useNavigate();
  const timeZone = useTimeZone();
  const taken = (useDefinitions().data?.items ?? []).map((object) => object.key);
  const [one, setOne] = useState<Label>(noLabel);
  const [many, setMany] = useState<Label>(noLabel);
  const [typedKey, setTypedKey] = useState<string>();
  const [icon, setIcon] = useState("cube");
  const [owned, setOwned] = useState(true);
  const [base, setBase] = useState<string>("private");
  const [parent, setParent] = useState<string | null>(null);
  const [inner, setInner] = useState(false);
  const [like, setLike] = useState<string | null>(null);
  const [numbered, setNumbered] = useState(false);
  const [nameLabel, setNameLabel] = useState<Label>({ en: "Name", "zh-CN": "名称" });
  const [pattern, setPattern] = useState("{yyyy}-{0000}");
  const key = typedKey ?? suggestKey(one, taken, "object");
  // What the server takes where nobody chooses.
  const usual = owned && base !== PARENT ? "account" : "contact_role";
  const create = useCreateObject();
  const findings = findingsOfError(create.error, SHOWN);
  // The server calls them label and plural; here they have other names. Where the one is missing the other need not be told of.
  const named = one.en.trim() !== "" || one["zh-CN"].trim() !== "";
  const errorAt = (field: string) => {
    const found = findings.byField[field]?.join(" ");
    if (!found || named) return found;
    return field === "label" ? t("nameNeeded") : field === "plural" ? undefined : found;
  };

  const submit = () => {
    const plural = { en: many.en || one.en, "zh-CN": many["zh-CN"] || one["zh-CN"] };
    create.mutate(
      {
        label: filledLabel(one),
        plural: filledLabel(plural),
        ...(typedKey ? { key: typedKey } : {}),
        icon,
        ...(like ? { rights_like: like } : {}),
        ...(base === PARENT ? { owned: false, base: { by_parent: parent ?? "" }, sub_object: inner } : { owned, base }),
        name_label: filledLabel(nameLabel),
        ...(numbered ? { name_number: pattern } : {}),
      },
      {
        onSuccess: ({ object }) => {
          told(t("objectCreated", { name: label(object.label) }));
          void navigate({ to: "/admin/objects/$object", params: { object: object.key } });
          onClose();
        },
      },
    );
  };

  return (
    <Modal opened onClose={onClose} title={t("newObject")} size={680} closeOnClickOutside={one.en === "" && one["zh-CN"] === ""}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t("newObjectHint")}
          </Text>
          <GeneralFindings findings={findings} />
          <LabelInputs what={t("oneName")} required autoFocus value={one} error={errorAt("label")} description={t("copied")} onChange={setOne} />
          <LabelInputs what={t("manyName")} fallback={one} value={many} error={errorAt("plural")} onChange={setMany} />
          <KeyInput value={key} hint={t("objectKeyHint")} error={errorAt("key")} onChange={setTypedKey} />
          <IconPicker value={icon} onChange={setIcon} />
          <Select
            label={t("base")}
            data={[...BASES.map((it) => ({ value: it as string, label: t(`bases.${it}`) })), { value: PARENT, label: t("bases.parent") }]}
            allowDeselect={false}
            value={base}
            error={base === PARENT ? undefined : errorAt("base")}
            onChange={(it) => it && setBase(it)}
          />
          {base === PARENT ? (
            <>
              <Select
                label={t("parent")}
                description={t("parentHint")}
                withAsterisk
                searchable
                allowDeselect={false}
                data={objects.filter((it) => it.key !== "employee" && it.key !== "department").map((it) => ({ value: it.key, label: label(it.label) }))}
                value={parent}
                error={errorAt("base")}
                onChange={setParent}
              />
              <Switch label={t("subObject")} description={t("subObjectHint")} checked={inner} onChange={(event) => setInner(event.currentTarget.checked)} />
            </>
          ) : (
            <Switch label={t("owned")} description={t("ownedHint")} checked={owned} error={errorAt("owned")} onChange={(event) => setOwned(event.currentTarget.checked)} />
          )}
          <Select
            label={t("rightsLike")}
            description={t("rightsLikeHint")}
            searchable
            allowDeselect={false}
            data={objects.map((it) => ({ value: it.key, label: label(it.plural) }))}
            value={like ?? usual}
            error={errorAt("rights_like")}
            onChange={setLike}
          />
          <Radio.Group label={t("nameField")} value={numbered ? "number" : "text"} onChange={(how) => setNumbered(how === "number")}>
            <Group gap="lg" mt={4}>
              <Radio value="text" label={t("nameText")} />
              <Radio value="number" label={t("nameNumber")} />
            </Group>
          </Radio.Group>
          {numbered && <NumberPattern value={pattern} error={errorAt("name_number")} day={today(timeZone)} onChange={setPattern} />}
          <LabelInputs what={t("nameLabel")} value={nameLabel} error={errorAt("name_label")} onChange={setNameLabel} />
          <div className={classes.foot}>
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("create")}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}

/** The key of something of one's own, with the beginning that all of them have. */
export function KeyInput({ value, hint, error, fixed, onChange }: { value: string; hint: string; error?: string; fixed?: boolean; onChange: (key: string) => void }) {
  const { t } = useTranslation("objects");
  if (fixed) return <TextInput label={t("key")} value={value} description={hint} readOnly variant="filled" styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} inputWrapperOrder={["label", "input", "description", "error"]} />;
  return (
    <TextInput
      label={t("key")}
      leftSection={<span aria-hidden>{OWN}</span>}
      value={value.replace(/^x_/, "")}
      description={hint}
      error={error}
      inputWrapperOrder={["label", "input", "description", "error"]}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" }, section: { fontFamily: "var(--mantine-font-family-monospace)", color: "var(--ink-soft)" } }}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(OWN + keyAsTyped(event.currentTarget.value))}
    />
  );
}

/** The pattern of numbers given by the product, with the first one it will give. */
export function NumberPattern({ value, error, day, onChange }: { value: string; error?: string; day: string; onChange: (pattern: string) => void }) {
  const { t } = useTranslation("objects");
  return (
    <TextInput
      label={t("numberPattern")}
      description={
        <>
          {t("numberPatternHint")} <span aria-live="polite">{t("numberExample", { number: exampleNumber(value, day) })}</span>
        </>
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={value}
      error={error}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

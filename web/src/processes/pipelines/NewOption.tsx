import { Button, Group, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, put } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Option, StageType } from "~/api/types";
import { filledLabel, noLabel } from "~/objects/keys";
import { told } from "~/objects/told";
import { keyOfName } from "../optionKeys";
import classes from "./pipelines.module.css";

const TYPES: StageType[] = ["in_progress", "won", "lost", "invalid"];

/** Makes an option of the Opportunity Stage field, which then stands among those not used yet. */
export function NewOption({ options }: { options: Option[] }) {
  const { t } = useTranslation("pipelines");
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState(noLabel);
  const [type, setType] = useState<StageType>("in_progress");
  const save = useMutation({
    mutationFn: () => {
      const label = filledLabel(name);
      const option: Option = { key: keyOfName(label.en, options.map((it) => it.key)), label, active: true, stage_type: type };
      return put("/objects/opportunity/fields/stage/options", { options: [...options, option] });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.objects });
      told(t("optionMade", { stage: filledLabel(name).en }));
      setName(noLabel);
      setOpened(false);
    },
  });
  const errors = save.error instanceof ApiProblem && save.error.violations.length > 0 ? save.error.violations.map((it) => it.message) : save.isError ? [messageOf(save.error)] : [];
  if (!opened) {
    return (
      <Group justify="space-between" gap="xs" mt={6}>
        <Button variant="subtle" size="compact-sm" ml={-8} leftSection={<IconPlus size={14} />} onClick={() => setOpened(true)}>
          {t("newOption")}
        </Button>
        <Link to="/admin/stages" className={classes.fine}>
          {t("allOptions")}
        </Link>
      </Group>
    );
  }
  return (
    <form
      className={classes.newOption}
      aria-label={t("newOption")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput data-autofocus autoFocus label={t("optionEn")} value={name.en} error={errors.join(" ") || undefined} onChange={(event) => (save.reset(), setName({ ...name, en: event.currentTarget.value }))} />
      <TextInput label={t("optionZh")} lang="zh-CN" placeholder={name.en} value={name["zh-CN"]} onChange={(event) => setName({ ...name, "zh-CN": event.currentTarget.value })} />
      <Select label={t("optionType")} allowDeselect={false} data={TYPES.map((value) => ({ value, label: t(`types.${value}`) }))} value={type} onChange={(value) => value && setType(value as StageType)} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="compact-md" onClick={() => (setOpened(false), setName(noLabel), save.reset())}>
          {t("cancel", { ns: "ui" })}
        </Button>
        <Button type="submit" size="compact-md" loading={save.isPending} disabled={!name.en.trim() && !name["zh-CN"].trim()}>
          {t("create", { ns: "ui", object: "" })}
        </Button>
      </Group>
    </form>
  );
}

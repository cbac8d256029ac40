import { Button, Group, Progress, Text } from "@mantine/core";
import { IconLink, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskAct } from "~/api/stageTasks";
import { useObject } from "~/api/queries";
import type { ObjectDef, Value } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ChooseExisting } from "./ChooseExisting";
import { findingsBelow, useCompletion, type BodyProps } from "./body";
import { NewRecordForm } from "./NewRecordForm";
import { filledOf, formOf } from "./newRecord";
import classes from "./stageTasks.module.css";
import { useSubmitKey } from "./useSubmitKey";

type Creating = Extract<TaskAct, { kind: "create_object" }>;

/** Records to be made from the deal, or chosen where that is allowed, until there are enough. */
export function CreateBody(props: BodyProps) {
  const { act } = props.task;
  const object = useObject(act?.kind === "create_object" ? act.object : "");
  if (act?.kind !== "create_object" || !object) return null;
  return <Creator {...props} act={act} object={object} />;
}

function Creator({ task, act, object, deal, refs, onDone, onCancel }: BodyProps & { act: Creating; object: ObjectDef }) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const count = act.linked.length;
  const enough = count >= act.minimum;
  const [mode, setMode] = useState<"create" | "choose">("create");
  const form = formOf(object, act);
  const begin = () => ({ ...form.start });
  const [draft, setDraft] = useState<Record<string, Value>>(begin);
  const [writing, setWriting] = useState(!enough);
  const completion = useCompletion(task, (done) => {
    setDraft(begin());
    onDone(done);
  });
  const one = label(object.label).toLowerCase();
  const create = () => completion.send({ create: [{ fields: filledOf(draft, form.start) }], keep_open: count + 1 < act.minimum || undefined });
  const onKeyDown = useSubmitKey(create);
  const findings = findingsBelow(completion.error, ["create", "0"], form.fields.map((field) => field.key));

  return (
    <div className={classes.body}>
      <Group gap="sm" wrap="nowrap">
        <Progress className={classes.bar} value={act.minimum > 0 ? Math.min(100, (100 * count) / act.minimum) : 100} aria-label={t("linked", { count, minimum: act.minimum })} />
        <Text size="sm" className="figures">
          {t("linked", { count, minimum: act.minimum })}
        </Text>
      </Group>
      {count > 0 && (
        <ul className={classes.linked}>
          {act.linked.map((link) => (
            <li key={link.record}>
              <IconLink size={14} aria-hidden />
              <Link to="/o/$object/$id" params={{ object: link.object, id: link.record }}>
                {refs[link.record]?.name ?? t("outOfSight", { ns: "fields" })}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {!writing && (
        <Group gap="xs">
          {enough && (
            <Button loading={completion.isPending} data-autofocus onClick={() => completion.send({})}>
              {t("complete")}
            </Button>
          )}
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setWriting(true)}>
            {t("create", { object: one })}
          </Button>
        </Group>
      )}
      {writing && act.may_choose && (
        <Group gap="xs" role="group" aria-label={task.name}>
          <Button size="compact-sm" variant={mode === "create" ? "light" : "subtle"} aria-pressed={mode === "create"} onClick={() => setMode("create")}>
            {t("newOne")}
          </Button>
          <Button size="compact-sm" variant={mode === "choose" ? "light" : "subtle"} aria-pressed={mode === "choose"} onClick={() => setMode("choose")}>
            {t("choose")}
          </Button>
        </Group>
      )}
      {writing && mode === "choose" && act.may_choose && (
        <ChooseExisting task={task.id} object={label(object.label)} taken={act.linked.map((link) => link.record)} busy={completion.isPending} error={completion.error} onChoose={(id) => completion.send({ choose: [id], keep_open: count + 1 < act.minimum || undefined })} />
      )}
      {writing && (mode === "create" || !act.may_choose) && (
        <form
          noValidate
          onKeyDown={onKeyDown}
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            create();
          }}
        >
          <GeneralFindings findings={findings} />
          <NewRecordForm
            object={object}
            form={form}
            values={draft}
            refs={{ ...refs, ...deal.refs }}
            findings={{ ...findings, general: [] }}
            autoFocus
            onChange={(key, value) => {
              completion.reset();
              setDraft((now) => ({ ...now, [key]: value }));
            }}
          />
          <Group gap="xs" mt="sm">
            <Button type="submit" loading={completion.isPending}>
              {count + 1 >= act.minimum ? t("saveComplete") : t("create", { object: one })}
            </Button>
            {onCancel && (
              <Button variant="default" onClick={onCancel}>
                {t("cancel")}
              </Button>
            )}
          </Group>
        </form>
      )}
    </div>
  );
}

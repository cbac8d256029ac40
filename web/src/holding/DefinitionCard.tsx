import { Button, Group, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDefinition, useDefinitionPreview, useSaveDefinition, type Definition, type DefinitionUsage } from "~/api/holdings";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import type { Condition } from "~/api/types";
import { isComplete } from "~/conditions/complete";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useConditionText } from "~/conditions/useConditionText";
import { GeneralFindings } from "~/fields/FieldForm";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import { told } from "~/objects/told";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import classes from "./holding.module.css";
import { Reach } from "./Reach";

const TYPING = 400;

/** When a record of an object counts at all: in words, and to change. */
export function DefinitionCard({ object }: { object: string }) {
  const { t } = useTranslation("holding");
  const read = useDefinition(object);
  const [editing, setEditing] = useState(false);
  const say = useConditionText(object, read.data?.condition);
  return (
    <section className={classes.card} aria-label={t("definition")}>
      <div className={classes.cardHead}>
        <div>
          <h2 className={classes.heading}>{t("definition")}</h2>
          <p className={classes.fine}>{t("definitionHint")}</p>
        </div>
        {read.data && !editing && (
          <Button size="compact-md" variant="default" onClick={() => setEditing(true)} aria-label={`${t("change")}: ${t("definition")}`}>
            {t("change")}
          </Button>
        )}
      </div>
      {read.isError && <ErrorState compact error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <RowSkeletons rows={1} />}
      {read.data && !editing && <p className={classes.said}>{read.data.condition ? say(read.data.condition) : t("definitionNone")}</p>}
      {read.data && editing && <DefinitionForm definition={read.data} onClose={() => setEditing(false)} />}
    </section>
  );
}

function DefinitionForm({ definition, onClose }: { definition: Definition; onClose: () => void }) {
  const { t } = useTranslation("holding");
  const { object } = definition;
  const [base, setBase] = useState(definition);
  const [condition, setCondition] = useState<Condition | null>(definition.condition ?? null);
  const save = useSaveDefinition(object);
  const [asked] = useDebouncedValue(JSON.stringify(condition), TYPING);
  const judged = JSON.parse(asked) as Condition | null;
  const changed = !same(condition, base.condition ?? null);
  const complete = isComplete(condition) && isComplete(judged);
  const preview = useDefinitionPreview(object, judged, complete && changed);
  const present = isConflict(save.error) ? (save.error.record as unknown as Definition | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const say = useConditionText(object, condition, present?.condition);
  const submit = (version: number) =>
    save.mutate(
      { condition, version },
      {
        onSuccess: () => {
          told(t("definitionSaved"));
          onClose();
        },
      },
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(base.version);
      }}
    >
      <Stack gap="sm" mt="sm">
        {present && (
          <Meanwhile
            rows={[{ name: t("definitionCondition"), now: present.condition ? say(present.condition) : t("definitionNone"), mine: condition ? say(condition) : t("definitionNone") }]}
            busy={save.isPending}
            onKeepMine={() => submit(present.version)}
            onTakeTheirs={() => {
              setBase(present);
              setCondition(present.condition ?? null);
              save.reset();
            }}
          />
        )}
        {save.isError && !present && violations.length === 0 && <GeneralFindings findings={{ byField: {}, general: [messageOf(save.error)] }} />}
        <ConditionEditor object={object} lasting label={t("definitionCondition")} value={condition} findings={violations} onChange={(next) => setCondition(next ?? null)} />
        {changed && (
          <div aria-live="polite">
            <h3 className={classes.heading}>{t("wouldDo")}</h3>
            {!complete || preview.isError ? <p className={classes.fine}>{t("completeFirst")}</p> : preview.data ? <RulesThen usage={preview.data} /> : <p className={classes.fine}>{t("looking")}</p>}
          </div>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!changed || present !== undefined}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
      <UnsavedGuard changed={() => changed && !save.isSuccess} />
    </form>
  );
}

/** What every rule in force would then come to. */
function RulesThen({ usage }: { usage: DefinitionUsage }) {
  const { t } = useTranslation("holding");
  if (usage.rules.length === 0) return <p className={classes.fine}>{t("none")}</p>;
  return (
    <Stack gap="sm" mt={6}>
      {usage.rules.map((one) => (
        <section key={one.rule.id} aria-label={one.rule.name}>
          <h4 className={classes.name} style={{ margin: 0, fontSize: 13.5 }}>
            {one.rule.name}
          </h4>
          <Reach usage={one} trial />
        </section>
      ))}
    </Stack>
  );
}

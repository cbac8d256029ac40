import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Import, OfferedValue } from "~/api/imports";
import { useMe, useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { answersOf, targetsOf, type Answer, type Draft } from "./draft";
import classes from "./imports.module.css";
import { isChoice, isReference, targetObject } from "./targets";
import { ValueChoice } from "./ValueChoice";

const SHOWN = 30;

type Props = {
  draft: Draft;
  checked: Import;
  busy: boolean;
  /** Answers that the last check did not know yet. */
  onAnswer: (answers: Answer[]) => void;
  onTakeBack: (answer: Answer) => void;
  /** From now on a record is made of every name of the column that is not known. */
  onCreateAll: (step: number, column: string) => void;
};

const given = (answers: Answer[], of: OfferedValue) => answers.some((it) => it.step === of.step && it.column === of.column && it.from === of.from);

/** Values that were not understood, each to be answered where it stands: what is near, another, none. */
export function Questions({ draft, checked, busy, onAnswer, onTakeBack, onCreateAll }: Props) {
  const { t } = useTranslation("imports");
  const { creatable } = useCreatable(draft);
  const answers = answersOf(draft);
  const open = checked.offered_values.filter((it) => !given(answers, it));
  const near = open.filter((it): it is OfferedValue & { to: string } => typeof it.to === "string");
  // Whoever brings his first file knows none of its names, and answers for a column at once.
  const unknown = new Map<string, OfferedValue[]>();
  for (const it of open) if (it.to === null && creatable(it)) unknown.set(`${it.step}:${it.column}`, [...(unknown.get(`${it.step}:${it.column}`) ?? []), it]);
  const whole = [...unknown.values()].filter((of) => of.length > 1);
  const told = answers.filter((it) => checked.offered_values.some((value) => given([it], value)) || draft.check !== undefined);
  if (open.length === 0 && told.length === 0) return null;
  return (
    <section className={classes.questions} data-open={open.length > 0 || undefined} aria-label={t("offered")}>
      <Group justify="space-between">
        <h2 className={classes.subtitle}>{open.length === 0 ? t("answered") : near.length > 0 ? t("offered") : t("unknownNames")}</h2>
        <Group gap={6}>
          {whole.map(([first, ...rest]) => (
            <Button key={`${first!.step}-${first!.column}`} size="compact-sm" variant="default" disabled={busy} onClick={() => onCreateAll(first!.step, first!.column)}>
              {t("createAll", { count: rest.length + 1, column: first!.column })}
            </Button>
          ))}
          {near.length > 1 && (
            <Button size="compact-sm" variant="default" loading={busy} onClick={() => onAnswer(near.map((it) => ({ step: it.step, column: it.column, from: it.from, to: it.to })))}>
              {t("acceptAll", { count: near.length })}
            </Button>
          )}
        </Group>
      </Group>
      <ul className={classes.questionList}>
        {open.slice(0, SHOWN).map((value) => (
          <OpenQuestion key={`${value.step}-${value.column}-${value.from}`} draft={draft} value={value} busy={busy} onAnswer={(to) => onAnswer([{ step: value.step, column: value.column, from: value.from, to }])} />
        ))}
        {told.map((answer) => (
          <li key={`${answer.step}-${answer.column}-${answer.from}`}>
            <span>
              <Text span size="sm" c="dimmed">
                {answer.column}:
              </Text>{" "}
              {answer.to === null ? t("answeredCreate", { from: answer.from }) : answer.to === "" ? t("answeredBlank", { from: answer.from }) : t("offeredRow", { from: answer.from, to: answer.to })}
            </span>
            <ActionIcon size="sm" disabled={busy} aria-label={t("takeBack", { from: answer.from })} onClick={() => onTakeBack(answer)}>
              <IconX size={15} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {open.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t("questionsMore", { count: open.length - SHOWN })}
        </Text>
      )}
    </section>
  );
}

/** The field that a value is of, and whether a record may be made of it. */
function useCreatable(draft: Draft) {
  const me = useMe();
  const objects = useObjects();
  const fieldOf = (value: OfferedValue) => {
    const options = draft.steps[value.step]?.options;
    const filled = targetsOf(options?.mapping?.[value.column]);
    return objects.find((it) => it.key === options?.object)?.fields.find((it) => filled.includes(it.key) && (isReference(it) || isChoice(it)));
  };
  const creatable = (value: OfferedValue) => {
    const field = fieldOf(value);
    const target = field && targetObject(field);
    return target !== undefined && field?.type !== "process" && (me.acts[target]?.includes("create") ?? false);
  };
  return { fieldOf, creatable };
}

function OpenQuestion({ draft, value, busy, onAnswer }: { draft: Draft; value: OfferedValue; busy: boolean; onAnswer: (to: string | null) => void }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const label = useLabel();
  const { fieldOf, creatable } = useCreatable(draft);
  const field = fieldOf(value);
  const word = (to: string) => label(field?.options?.find((option) => option.key === to)?.label) || to;
  return (
    <li>
      <span>
        <Text span size="sm" c="dimmed">
          {value.column}:
        </Text>{" "}
        {value.to === null ? t("unknownRow", { from: value.from }) : t("offeredRow", { from: value.from, to: word(value.to) })}{" "}
        <Text span size="sm" c="dimmed">
          ({t("rowCount", { count: value.rows, shown: formatDecimal(value.rows, language) })})
        </Text>
      </span>
      <Group gap={6}>
        {value.to !== null && (
          <Button size="compact-sm" leftSection={<IconCheck size={14} />} loading={busy} onClick={() => onAnswer(value.to)}>
            {t("accept")}
          </Button>
        )}
        {field && (
          <div className={classes.another}>
            <ValueChoice field={field} value={null} label={t("anotherOf", { from: value.from })} placeholder={t("another")} onChoose={(to) => to && onAnswer(to)} />
          </div>
        )}
        {creatable(value) && (
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onAnswer(null)}>
            {t("createIt")}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" disabled={busy} onClick={() => onAnswer("")}>
          {t("leaveBlank")}
        </Button>
      </Group>
    </li>
  );
}

import { useLocalStorage } from "@mantine/hooks";
import type { ImportOptions, PlannedStep, Prepare, Proposal, Target } from "~/api/imports";
import { useMe } from "~/api/queries";

/** An import that is being prepared. It is kept in the browser until it is begun or thrown away. */
export type Draft = {
  files: string[];
  /** What the whole is called, when a known plan was recognised. */
  plan: Proposal["plan"] | null;
  steps: PlannedStep[];
  prepare?: Prepare | null;
  /** The last check, and what was checked by it. */
  check?: { id: string; of: string };
};

/** The draft of who is signed in; another person at this browser has one of his own. */
export function useDraft() {
  const me = useMe();
  const [draft, setDraft, clear] = useLocalStorage<Draft | null>({ key: `stagecraft-import-${me.person.id}`, defaultValue: null, getInitialValueInEffect: false });
  return { draft, setDraft, clear };
}

/** The draft that a proposal makes. What was chosen before for the same file and object stays. */
export function drafted(files: string[], proposal: Proposal, before?: Draft | null): Draft {
  const kept = [...(before?.steps ?? [])];
  const steps = proposal.steps.map(({ file, options }) => {
    const step: PlannedStep = { file, options };
    const at = kept.findIndex((it) => it.file === step.file && it.options.object === step.options.object);
    return at < 0 ? step : (kept.splice(at, 1)[0] ?? step);
  });
  return { files, plan: proposal.plan, steps, prepare: proposal.prepare };
}

/** What a check answers for: when it changes, the answer is out of date. */
export const fingerprint = (draft: Draft) => JSON.stringify([draft.steps, draft.prepare]);

export function withOptions(draft: Draft, index: number, change: Partial<ImportOptions>): Draft {
  return { ...draft, steps: draft.steps.map((step, at) => (at === index ? { ...step, options: { ...step.options, ...change } } : step)) };
}

/** The fields that a column fills. */
export const targetsOf = (target: Target | undefined): string[] => (target == null ? [] : typeof target === "string" ? [target] : target);

/** The target for so many fields. */
export const asTarget = (fields: string[]): Target => (fields.length > 1 ? fields : (fields[0] ?? null));

/** What a text of a column that was not understood stands for; the empty text leaves the cell blank, nothing is to make a record of it. */
export type Answer = { step: number; column: string; from: string; to: string | null };

export function withAnswers(draft: Draft, answers: Answer[]): Draft {
  return answers.reduce((now, answer) => {
    const { step, column, from, to } = answer;
    const free = withoutAnswer(now, answer);
    const { values, create_values: made } = free.steps[step]?.options ?? {};
    return withOptions(free, step, to === null ? { create_values: { ...made, [column]: [...(made?.[column] ?? []), from] } } : { values: { ...values, [column]: { ...values?.[column], [from]: to } } });
  }, draft);
}

/** Every name of a column that is not known becomes a record. */
export function withCreated(draft: Draft, step: number, column: string): Draft {
  const references = draft.steps[step]?.options.references ?? {};
  return withOptions(draft, step, { references: { ...references, [column]: { ...references[column], missing: "create" } } });
}

export function withoutAnswer(draft: Draft, { step, column, from }: Pick<Answer, "step" | "column" | "from">): Draft {
  const { values = {}, create_values: made = {} } = draft.steps[step]?.options ?? {};
  const { [from]: _gone, ...rest } = values?.[column] ?? {};
  const { [column]: _all, ...others } = values ?? {};
  const left = (made?.[column] ?? []).filter((it) => it !== from);
  const { [column]: _names, ...otherNames } = made ?? {};
  return withOptions(draft, step, {
    values: Object.keys(rest).length > 0 ? { ...others, [column]: rest } : others,
    create_values: left.length > 0 ? { ...otherNames, [column]: left } : otherNames,
  });
}

/** All answers that have been given. */
export function answersOf(draft: Draft): Answer[] {
  return draft.steps.flatMap(({ options }, step) => [
    ...Object.entries(options.values ?? {}).flatMap(([column, pairs]) => Object.entries(pairs).map(([from, to]) => ({ step, column, from, to }))),
    ...Object.entries(options.create_values ?? {}).flatMap(([column, names]) => names.map((from) => ({ step, column, from, to: null }))),
  ]);
}

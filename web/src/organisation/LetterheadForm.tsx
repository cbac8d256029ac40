import { Button, Group, Select, Stack, Tabs, Textarea, TextInput } from "@mantine/core";
import { IconFileTypePdf } from "@tabler/icons-react";
import { useState, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";
import {
  LETTERHEAD_TEXTS,
  useLetterhead,
  useLetterheadSample,
  usePresentLetterhead,
  useSaveLetterhead,
  type Letterhead,
  type LetterheadDocument,
  type LetterheadText,
} from "~/api/letterhead";
import { findingsOfError, isConflict } from "~/api/problem";
import { useMe } from "~/api/queries";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { Logo } from "./Logo";
import classes from "./letterhead.module.css";

const SIDES = ["en", "zh"] as const;
type Side = (typeof SIDES)[number];
const TAGS: Record<Side, string> = { en: "en", zh: "zh-CN" };
const FIELDS = ["logo", "paper", ...SIDES.flatMap((side) => LETTERHEAD_TEXTS.map((text) => `${side}/${text}`))];
/** What takes several lines, and how many are shown. */
const TALL: Partial<Record<LetterheadText, number>> = { address: 3, bank_details: 2 };
const HINTED: readonly LetterheadText[] = ["footer"];

/** How the organisation presents itself on quotes and orders, in both languages. */
export function LetterheadForm() {
  const stored = useLetterhead();
  if (stored.isError) return <ErrorState compact error={stored.error} onRetry={() => void stored.refetch()} />;
  if (!stored.data) return <RowSkeletons rows={6} height={30} />;
  return <Form key={stored.data.version} stored={stored.data} />;
}

function Form({ stored }: { stored: Letterhead }) {
  const { t } = useTranslation("organisation");
  const language = useLanguage();
  const me = useMe();
  const save = useSaveLetterhead();
  const sample = useLetterheadSample();
  const present = usePresentLetterhead();
  const [side, setSide] = useState<Side>(language === "zh-CN" ? "zh" : "en");
  const [changes, setChanges] = useState<Partial<LetterheadDocument>>({});
  const { paper, logo, en, zh } = { ...stored, ...changes };
  const document: LetterheadDocument = { paper, logo, en, zh };
  const changed = Object.keys(changes).length > 0;
  const set = (part: Partial<LetterheadDocument>) => {
    save.reset();
    sample.reset();
    setChanges((now) => ({ ...now, ...part }));
  };
  const findings = isConflict(save.error) ? { byField: {} as Record<string, string[]>, general: [t("letterhead.changedMeanwhile")] } : findingsOfError(save.error ?? sample.error, FIELDS);
  const wrong = (one: Side) => LETTERHEAD_TEXTS.some((text) => findings.byField[`${one}/${text}`]);

  const field = (one: Side, text: LetterheadText) => {
    const shared = {
      label: t(`letterhead.${text}`),
      description: HINTED.includes(text) ? t(`letterhead.${text}Hint` as "letterhead.footerHint") : undefined,
      value: document[one][text],
      error: findings.byField[`${one}/${text}`]?.join(" "),
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set({ [one]: { ...document[one], [text]: event.currentTarget.value } }),
    };
    const rows = TALL[text];
    if (rows) return <Textarea key={text} {...shared} className={classes.wide} autosize minRows={rows} maxRows={8} />;
    return <TextInput key={text} {...shared} className={text === "name" || text === "footer" ? classes.wide : undefined} placeholder={text === "name" ? me.organisation.name : undefined} />;
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ document, version: stored.version }, { onSuccess: () => told(t("letterhead.saved")) });
      }}
    >
      <UnsavedGuard changed={() => changed} />
      <Stack gap="md">
        <GeneralFindings findings={findings} />
        {isConflict(save.error) && (
          <Group>
            <Button variant="default" onClick={() => void present()}>
              {t("letterhead.showPresent")}
            </Button>
          </Group>
        )}
        <div className={classes.pair}>
          <Logo logo={logo} error={findings.byField["logo"]?.join(" ")} onChange={(next) => set({ logo: next })} />
          <Select
            label={t("letterhead.paper")}
            allowDeselect={false}
            data={(["a4", "letter"] as const).map((value) => ({ value, label: t(`letterhead.papers.${value}`) }))}
            value={paper}
            error={findings.byField["paper"]?.join(" ")}
            onChange={(value) => value && set({ paper: value })}
          />
        </div>
        <Tabs value={side} onChange={(value) => value && setSide(value as Side)} keepMounted={false}>
          <Tabs.List mb="md">
            {SIDES.map((one) => (
              <Tabs.Tab key={one} value={one} c={wrong(one) ? "var(--danger)" : undefined}>
                {t(`letterhead.sides.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {SIDES.map((one) => (
            <Tabs.Panel key={one} value={one}>
              <div className={classes.pair} lang={TAGS[one]}>
                {LETTERHEAD_TEXTS.map((text) => field(one, text))}
              </div>
            </Tabs.Panel>
          ))}
        </Tabs>
        <Group justify="flex-end" gap="sm">
          <Button
            variant="default"
            leftSection={<IconFileTypePdf size={16} stroke={1.7} />}
            loading={sample.isPending}
            onClick={() => sample.mutate({ document, language: TAGS[side], window: window.open("", "_blank") })}
          >
            {t("letterhead.sample")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!changed}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

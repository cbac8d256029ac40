import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FlowDocument, Task } from "~/api/approvalFlows";
import type { Refs } from "~/api/types";
import { Part } from "~/processes/pipelines/Part";
import { AskedFields } from "./AskedFields";
import { LimitForm } from "./LimitForm";
import { NobodyForm } from "./NobodyForm";
import { said, type At } from "./places";
import { SourcesInput } from "./SourcesInput";
import type { useWords } from "./useWords";

type Props = { flow: FlowDocument; does: Task; refs: Refs; words: ReturnType<typeof useWords>; at: At; onChange: (does: Task) => void };

/** Who fills in which fields before it goes on. */
export function TaskForm({ flow, does, refs, words, at, onChange }: Props) {
  const { t } = useTranslation("flows");
  const set = (part: Partial<Task>) => onChange({ ...does, ...part });
  return (
    <>
      <Part title={t("partFields")}>
        <AskedFields object={flow.object} label={t("mustFill")} withAsterisk value={does.must_fill} error={said(at("must_fill"))} onChange={(must_fill) => set({ must_fill })} />
        <Textarea label={t("instruction")} autosize minRows={2} value={does.instruction ?? ""} error={said(at("instruction"))} onChange={(event) => set({ instruction: event.currentTarget.value })} />
      </Part>
      <Part title={t("partWho")}>
        <SourcesInput object={flow.object} label={t("who")} sources={does.who} refs={refs} words={words} findings={at("who")} onChange={(who) => set({ who })} />
        <NobodyForm nobody={does.nobody} refs={refs} error={said(at("nobody"))} onChange={(nobody) => set({ nobody })} />
      </Part>
      <Part title={t("partTime")}>
        <LimitForm limit={does.limit} at={at} onChange={(limit) => set({ limit })} />
      </Part>
    </>
  );
}

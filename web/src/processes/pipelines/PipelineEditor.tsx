import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { openedQuery, useAfterProcesses } from "~/api/processes";
import { useMe } from "~/api/queries";
import { NotFound } from "~/shell/NotFound";
import { ErrorState } from "~/ui/ErrorState";
import { PageSkeleton } from "~/ui/Skeletons";
import { Editor } from "./Editor";

/** Opens the editor on a process: on its draft, where there is one, else on what is published. */
export function PipelineEditor() {
  const { id = "" } = useParams({ strict: false });
  return <Opened key={id} id={id} />;
}

function Opened({ id }: { id: string }) {
  const { t } = useTranslation("pipelines");
  const me = useMe();
  const client = useQueryClient();
  const after = useAfterProcesses();
  // What was read at another time may have been drawn on since.
  const opened = useQuery({ ...openedQuery(id), staleTime: 0, gcTime: 0 });
  // What is being drawn is not replaced under the hand; only after it was published, thrown away or reverted does one begin anew.
  const [epoch, setEpoch] = useState(0);
  const again = async () => {
    await client.fetchQuery({ ...openedQuery(id), staleTime: 0 });
    setEpoch((now) => now + 1);
    after();
  };
  if (opened.isError && !opened.data) return <ErrorState error={opened.error} onRetry={() => void opened.refetch()} />;
  if (!opened.data) return <PageSkeleton />;
  const { published, draft } = opened.data;
  if (!published && !draft) return <NotFound />;
  return <Editor key={epoch} id={id} published={published} stored={draft} editable={me.admin} untitled={t("untitled")} onAnew={again} />;
}

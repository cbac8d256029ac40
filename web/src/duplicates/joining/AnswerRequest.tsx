import { Button, Modal } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useJoinRequests } from "~/api/duplicates";
import type { Refs } from "~/api/types";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "../duplicates.module.css";
import { JoinLine } from "./JoinLine";

/** Answers a request to join where it waits. */
export function AnswerRequest({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation("duplicates");
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="light" leftSection={<IconUserQuestion size={15} stroke={1.7} />} aria-label={`${t("answerIt")}: ${title}`} onClick={() => setOpened(true)}>
        {t("answerIt")}
      </Button>
      {opened && (
        <Modal opened onClose={() => setOpened(false)} title={t("requests")} size={560} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
          <Waiting id={id} />
        </Modal>
      )}
    </>
  );
}

function Waiting({ id }: { id: string }) {
  const { t } = useTranslation("duplicates");
  const requests = useJoinRequests("asked");
  if (requests.isError) return <ErrorState compact error={requests.error} onRetry={() => void requests.refetch()} />;
  if (requests.isPending) return <RowSkeletons rows={2} height={40} />;
  const request = requests.data.pages.flatMap((page) => page.items).find((it) => it.id === id);
  const refs: Refs = Object.assign({}, ...requests.data.pages.map((page) => page.refs));
  if (!request) return <p>{t("states.withdrawn")}</p>;
  return (
    <ul className={classes.requests}>
      <JoinLine request={request} refs={refs} mine={false} />
    </ul>
  );
}

import { Button, SegmentedControl } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useJoinRequests } from "~/api/duplicates";
import type { Refs } from "~/api/types";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "../duplicates.module.css";
import { JoinLine } from "./JoinLine";

type Box = "asked" | "mine";

/** Who wants to join one's records, and whom one has asked. */
export function JoinRequestsScreen() {
  const { t } = useTranslation("duplicates");
  const navigate = useNavigate();
  const { box = "asked" } = useSearch({ strict: false }) as { box?: Box };
  const requests = useJoinRequests(box);
  const items = requests.data?.pages.flatMap((page) => page.items) ?? [];
  const refs: Refs = Object.assign({}, ...(requests.data?.pages ?? []).map((page) => page.refs));
  return (
    <Page
      title={t("requests")}
      above={t("requestsHint")}
      narrow
      below={
        <SegmentedControl
          aria-label={t("requests")}
          data={[
            { value: "asked", label: t("askedOfMe") },
            { value: "mine", label: t("mine") },
          ]}
          value={box}
          onChange={(next) => void navigate({ to: "/join-requests", search: next === "mine" ? { box: "mine" } : {}, replace: true })}
        />
      }
    >
      {requests.isError && <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />}
      {requests.isPending && <RowSkeletons rows={4} height={46} />}
      {requests.data && items.length === 0 && (
        <EmptyState icon={<IconUserQuestion size={32} stroke={1.4} />} title={t(box === "asked" ? "noneAsked" : "noneMine")}>
          {box === "mine" && t("noneMineHint")}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.requests}>
          {items.map((request) => (
            <JoinLine key={request.id} request={request} refs={refs} mine={box === "mine"} />
          ))}
        </ul>
      )}
      {requests.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={requests.isFetchingNextPage} onClick={() => void requests.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Page>
  );
}

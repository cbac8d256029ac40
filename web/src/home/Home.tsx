import { Button } from "@mantine/core";
import { IconLayoutDashboard, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "~/api/home";
import { useMe, useObject } from "~/api/queries";
import { settingsTexts, useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { Cards } from "./Cards";

// Its texts are of settings, which nobody waits for.
const FirstSteps = lazy(() => Promise.all([import("./firstSteps/FirstSteps"), settingsTexts()]).then(([room]) => ({ default: room.FirstSteps })));
const Arrange = lazy(() => import("./Arrange").then((room) => ({ default: room.Arrange })));

/** Where the day begins: a page of cards, one's own or that of one's role. */
export function Home() {
  const { t } = useTranslation("home");
  const me = useMe();
  const label = useLabel();
  const object = useObject("opportunity");
  const home = useHome("/home");
  const [arranging, setArranging] = useState(false);
  const title = t("greeting", { name: me.person.name });

  if (arranging && home.data) {
    return (
      <Suspense fallback={<RowSkeletons rows={8} />}>
        <Arrange address="/home" page={home.data} title={t("arranging")} onDone={() => setArranging(false)} />
      </Suspense>
    );
  }
  return (
    <Page
      title={title}
      above={me.organisation.name}
      actions={
        <>
          {home.data?.can.includes("edit") && (
            <Button variant="default" leftSection={<IconLayoutDashboard size={16} stroke={1.7} />} onClick={() => setArranging(true)}>
              {t("arrange")}
            </Button>
          )}
          {object?.acts.includes("create") && (
            <Button component={Link} to="/o/$object" params={{ object: "opportunity" } as never} search={{ create: true } as never} leftSection={<IconPlus size={16} />}>
              {t("newDeal", { object: label(object.label).toLowerCase() })}
            </Button>
          )}
        </>
      }
    >
      {me.admin && (
        <Suspense fallback={null}>
          <FirstSteps />
        </Suspense>
      )}
      {home.isError ? (
        <ErrorState error={home.error} onRetry={() => void home.refetch()} />
      ) : !home.data ? (
        <RowSkeletons rows={10} />
      ) : home.data.cards.length === 0 ? (
        <EmptyState icon={<IconLayoutDashboard size={34} stroke={1.3} />} title={t("emptyTitle")}>
          {t("emptyText")}
        </EmptyState>
      ) : (
        <Cards cards={home.data.cards} />
      )}
    </Page>
  );
}

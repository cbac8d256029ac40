import { Button, Loader, SegmentedControl } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { Gates } from "./Gates";
import { Lists } from "./Lists";
import { Summary } from "./Summary";
import { MONTHS, useTryout, type ListName } from "./tryout";
import classes from "./tryout.module.css";

const route = getRouteApi("/shell/admin/pipelines/$id/try");

/** A process tried on the moves that were made and the deals that are open, before it is published. */
export function Tryout() {
  const { t } = useTranslation("tryout");
  const { id } = route.useParams();
  const { months = 6, list = "held_back" } = route.useSearch();
  const navigate = route.useNavigate();
  const [gate, setGate] = useState<string | null>(null);
  const trial = useTryout(id, months);
  const report = trial.data;
  const chosen = report?.gates.some((it) => it.key === gate) ? gate : null;
  const show = (search: { months?: number; list?: ListName }) => void navigate({ search: (before) => ({ ...before, ...search }), replace: true });
  return (
    <Page
      title={t("title")}
      above={
        <Link to="/admin/pipelines/$id" params={{ id }}>
          {report?.process.name ?? t("back")}
        </Link>
      }
      actions={
        <>
          <SegmentedControl
            aria-label={t("months")}
            data={MONTHS.map((count) => ({ value: String(count), label: t("monthsShort", { count }) }))}
            value={String(months)}
            onChange={(value) => show({ months: Number(value) })}
          />
          <Button variant="default" leftSection={<IconRefresh size={16} />} loading={trial.isFetching} onClick={() => void trial.refetch()}>
            {t("again")}
          </Button>
        </>
      }
      below={report && <span className={classes.source}>{t("tries", { source: t(`sources.${report.process.source as "draft"}`, { version: report.process.version }) })}</span>}
    >
      {trial.isError && !trial.isFetching && (
        <>
          <ErrorState error={trial.error} onRetry={() => void trial.refetch()} />
          <Button component={Link} to={`/admin/pipelines/${id}`} variant="default" mx="auto" display="block" w="fit-content">
            {t("edit")}
          </Button>
        </>
      )}
      {trial.isFetching && !report && (
        <div className={classes.working} role="status">
          <Loader size="sm" /> {t("working")}
        </div>
      )}
      {report && (
        <>
          <Summary report={report} />
          {report.gates.length > 0 && (
            <Gates
              report={report}
              chosen={chosen}
              onChoose={(key) => {
                setGate(key);
                if (key) show({ list: "held_back" });
              }}
            />
          )}
          <Lists report={report} months={months} list={list} onList={(next) => show({ list: next })} gate={chosen} onGate={setGate} />
        </>
      )}
    </Page>
  );
}

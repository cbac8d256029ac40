import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useLanguage } from "~/i18n";
import classes from "./states.module.css";

/** A refusal of the server in full: what it says, every violation, and the request's id for whoever looks into it. */
export function ErrorState({ error, onRetry, compact }: { error: unknown; onRetry?: () => void; compact?: boolean }) {
  const { t } = useTranslation("ui");
  const problem = error instanceof ApiProblem ? error : undefined;
  const missing = problem?.status === 404;
  const text = missing ? t("notFound") : problem?.code === "network.unreachable" ? t("network") : problem?.status === 503 ? t("busy") : problem ? problem.message : t("crashed");
  return (
    <div className={classes.state} data-compact={compact || undefined} role="alert">
      <p className={classes.title}>{missing ? t("notFoundTitle") : t("errorTitle")}</p>
      <div className={classes.text}>
        <p>
          {text} {!compact && <HelpLink />}
        </p>
        {problem && problem.violations.length > 0 && (
          <ul>
            {problem.violations.map((violation, index) => (
              <li key={index}>{violation.message}</li>
            ))}
          </ul>
        )}
        {!problem && <p className={classes.fine}>{messageOf(error)}</p>}
        {problem?.requestId && !missing && <p className={classes.fine}>{t("requestId", { id: problem.requestId })}</p>}
      </div>
      {onRetry && !missing && (
        <Button variant="default" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

/** Leads to the guides: to what they say of refusals and of what cannot be found, where nothing else is said. */
export function HelpLink({ to = "/docs/user-guide#when-something-does-not-work" }: { to?: string }) {
  const { t } = useTranslation("ui");
  const chinese = useLanguage() === "zh-CN" && to.startsWith("/docs/user-guide");
  return (
    <a href={chinese ? "/docs/zh/user-guide" : to} target="_blank" rel="noreferrer">
      {t("help")}
    </a>
  );
}

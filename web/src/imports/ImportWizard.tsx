import { Alert, Button, Group, Progress, Stack, Stepper } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import { ErrorState } from "~/ui/ErrorState";
import { ColumnStep, type Identity } from "./ColumnStep";
import { FileStep } from "./FileStep";
import { ImportResult } from "./ImportResult";
import classes from "./imports.module.css";
import { readCsvStart, type CsvStart } from "./csvStart";
import { guessExternalColumn, guessMapping, type Mapping } from "./guessMapping";
import { useImport, useRunImport, type ImportJob } from "./useImport";
import { withValue, withoutValue, type ValueMappings } from "./valueMappings";

const HEAD = 256 * 1024;
const STEPS = ["file", "columns", "check", "done"] as const;

/** From a file to records: columns are placed, the server says what would happen, values are explained, then it happens. */
export function ImportWizard() {
  const { t } = useTranslation("imports");
  const me = useMe();
  const objects = useObjects();
  const run = useRunImport();
  const [step, setStep] = useState(0);
  const [object, setObject] = useState("opportunity");
  const [file, setFile] = useState<File>();
  const [start, setStart] = useState<CsvStart>();
  const [mapping, setMapping] = useState<Mapping>({});
  const [identity, setIdentity] = useState<Identity>({ column: null, source: "", history: false });
  const [values, setValues] = useState<ValueMappings>({});
  const [resultId, setResultId] = useState<string>();
  const followed = useImport(resultId).data;

  const guess = (columns: CsvStart, key: string) => {
    const fields = objects.find((it) => it.key === key)?.fields ?? [];
    setMapping(guessMapping(columns.columns, fields, key));
    setIdentity((now) => ({ ...now, column: guessExternalColumn(columns.columns, key) ?? null }));
    setValues({});
  };
  const takeFile = async (chosen: File) => {
    const columns = readCsvStart(await chosen.slice(0, HEAD).text());
    setFile(chosen);
    setStart(columns);
    setIdentity((now) => ({ ...now, source: now.source || chosen.name.replace(/\.[^.]+$/, "") }));
    guess(columns, object);
    if (columns.columns.length > 0) setStep(1);
  };
  const send = async (dry: boolean, given: ValueMappings) => {
    if (!file) return;
    let done: ImportJob;
    try {
      done = await run.mutateAsync({
        file,
        options: {
          object,
          mapping,
          keys: identity.column ? { external_source: identity.source.trim(), external_column: identity.column } : undefined,
          values: Object.keys(given).length > 0 ? given : undefined,
          history: identity.history || undefined,
          dry_run: dry || undefined,
        },
      });
    } catch {
      // The refusal is shown from the mutation; the step stays where it is.
      return;
    }
    setResultId(done.id);
    setStep(dry ? 2 : 3);
  };
  const explain = (next: ValueMappings) => {
    setValues(next);
    void send(true, next);
  };
  const again = () => {
    run.reset();
    setStep(0);
    setFile(undefined);
    setStart(undefined);
    setValues({});
    setResultId(undefined);
  };
  const acts = objects.find((it) => it.key === object)?.acts ?? [];

  return (
    <Stack gap="lg">
      <Stepper active={step} size="sm" wrap={false} classNames={{ step: classes.step, stepBody: classes.stepName }} allowNextStepsSelect={false} onStepClick={(to) => to < step && step < 3 && setStep(to)}>
        {STEPS.map((it) => (
          <Stepper.Step key={it} label={t(`steps.${it}`)} />
        ))}
      </Stepper>
      {run.isPending && <Progress value={100} animated aria-label={t("running")} />}
      {run.isError && <ErrorState compact error={run.error} />}
      {step === 0 && (
        <FileStep
          object={object}
          unreadable={start !== undefined && start.columns.length === 0}
          onObject={(key) => {
            setObject(key);
            if (start) guess(start, key);
          }}
          onFile={(chosen) => void takeFile(chosen)}
        />
      )}
      {step === 1 && start && (
        <ColumnStep
          object={object}
          start={start}
          mapping={mapping}
          identity={identity}
          mayHistory={object === "opportunity" && (me.admin || acts.includes("import_history"))}
          busy={run.isPending}
          onMapping={setMapping}
          onIdentity={setIdentity}
          onBack={() => setStep(0)}
          onCheck={() => void send(true, values)}
        />
      )}
      {step === 2 && followed && (
        <Stack>
          <Alert variant="light" color="brand">
            {t("checked")}
          </Alert>
          <ImportResult
            result={followed}
            values={values}
            busy={run.isPending}
            onAccept={(pairs) => explain(pairs.reduce((now, it) => withValue(now, it.column, it.from, it.to), values))}
            onTakeBack={(column, from) => explain(withoutValue(values, column, from))}
          />
          <Group>
            <Button variant="default" onClick={() => setStep(1)} disabled={run.isPending}>
              {t("back")}
            </Button>
            <Button onClick={() => void send(false, values)} loading={run.isPending} disabled={followed.state === "running"}>
              {t("import")}
            </Button>
          </Group>
        </Stack>
      )}
      {step === 3 && followed && (
        <Stack>
          {followed.state !== "running" && (
            <Alert variant="light" color={followed.state === "done" ? "brand" : "red"} icon={followed.state === "done" ? <IconCheck /> : undefined}>
              {t(followed.state === "done" ? "imported" : "failedState")}
            </Alert>
          )}
          <ImportResult result={followed} />
          <div>
            <Button variant="default" onClick={again}>
              {t("another")}
            </Button>
          </div>
        </Stack>
      )}
    </Stack>
  );
}

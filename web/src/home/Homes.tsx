import { Badge, Button, Select } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome, type HomeAddress } from "~/api/home";
import { useRoles } from "~/api/roles";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { Cards } from "./Cards";

const Arrange = lazy(() => import("./Arrange").then((room) => ({ default: room.Arrange })));

/** The pages with which the people of each role begin. */
export function Homes() {
  const { t } = useTranslation("home");
  const label = useLabel();
  const navigate = useNavigate();
  const roles = useRoles();
  const { role: asked } = useSearch({ strict: false }) as { role?: string };
  const role = roles.data?.items.find((one) => one.key === asked) ?? roles.data?.items[0];
  const [arranging, setArranging] = useState(false);
  if (roles.isError) return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />;
  if (!role) return <RowSkeletons rows={10} />;
  return <OfRole key={role.key} role={role.key} name={label(role.name)} roles={(roles.data?.items ?? []).map((one) => ({ value: one.key, label: label(one.name) }))} arranging={arranging} onArrange={setArranging} onChoose={(key) => void navigate({ to: "/admin/homes", search: { role: key } as never, replace: true })} title={t("homes")} />;
}

type Props = { role: string; name: string; title: string; roles: { value: string; label: string }[]; arranging: boolean; onArrange: (on: boolean) => void; onChoose: (role: string) => void };

function OfRole({ role, name, title, roles, arranging, onArrange, onChoose }: Props) {
  const { t } = useTranslation("home");
  const address: HomeAddress = `/homes/${role}`;
  const page = useHome(address);
  if (arranging && page.data) {
    return (
      <Suspense fallback={<RowSkeletons rows={10} />}>
        <Arrange address={address} page={page.data} title={name} above={title} onDone={() => onArrange(false)} />
      </Suspense>
    );
  }
  return (
    <Page
      title={title}
      above={t("homesHint")}
      actions={
        <>
          {page.data && (
            <Badge color={page.data.source === "shipped" ? "gray" : "brand"}>{t(page.data.source === "shipped" ? "shipped" : "arranged")}</Badge>
          )}
          <Select aria-label={t("role")} w={220} allowDeselect={false} data={roles} value={role} onChange={(key) => key && onChoose(key)} />
          <Button leftSection={<IconPencil size={16} stroke={1.7} />} disabled={!page.data} onClick={() => onArrange(true)}>
            {t("arrange")}
          </Button>
        </>
      }
    >
      {page.isError ? <ErrorState error={page.error} onRetry={() => void page.refetch()} /> : page.data ? <Cards cards={page.data.cards} /> : <RowSkeletons rows={10} />}
    </Page>
  );
}

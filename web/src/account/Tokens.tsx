import { Alert, Button, Code, CopyButton, Group, Paper, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { messageOf } from "~/api/problem";
import { Assistants } from "~/assistants/Assistants";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { Instant, useTimeZone } from "~/ui/Instant";
import { TokenScopes, useScopeName } from "./TokenScopes";
import { instantOfWall } from "~/fields/wallTime";

const KEY = ["me", "tokens"];

/** Personal access tokens: made, shown once, revoked. */
export function Tokens() {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const nameOf = useScopeName();
  const [name, setName] = useState("");
  const [expires, setExpires] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const tokens = useQuery({ queryKey: KEY, queryFn: () => bodyOf(api.GET("/me/tokens")) });
  const create = useMutation({
    mutationFn: () => bodyOf(api.POST("/me/tokens", { body: { name, scopes: scopes.length ? scopes : undefined, expires_at: expires ? instantOfWall(`${expires}T23:59`, timeZone) : undefined } })),
    onSuccess: () => {
      setName("");
      setExpires("");
      setScopes([]);
      void client.invalidateQueries({ queryKey: KEY });
    },
  });

  return (
    <Paper p="md">
      <h2 style={{ margin: "0 0 2px", fontSize: 15 }}>{t("tokens")}</h2>
      <Text c="dimmed" mb="sm">
        {t("tokensHint")}
      </Text>
      {create.data?.token && (
        <Alert color="brand" variant="light" mb="sm" role="status" title={t("tokenMade")}>
          <Group gap="sm">
            <Code style={{ overflowWrap: "anywhere" }}>{create.data.token}</Code>
            <CopyButton value={create.data.token}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? t("copied") : t("copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Alert>
      )}
      {create.isError && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {messageOf(create.error)}
        </Alert>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput label={t("tokenName")} required withAsterisk={false} style={{ flex: "1 1 220px" }} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label={t("expires")} type="date" value={expires} onChange={(event) => setExpires(event.currentTarget.value)} />
          <TokenScopes value={scopes} onChange={setScopes} />
          <Button type="submit" variant="default" loading={create.isPending}>
            {t("createToken")}
          </Button>
        </Group>
      </form>
      {tokens.data?.items.length ? (
        <Table.ScrollContainer minWidth={640} mt="md">
          <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("tokenName")}</Table.Th>
              <Table.Th>{t("scopes")}</Table.Th>
              <Table.Th>{t("made")}</Table.Th>
              <Table.Th>{t("lastUsed")}</Table.Th>
              <Table.Th>{t("expires")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.data.items.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Td>{token.name}</Table.Td>
                <Table.Td>{token.scopes ? token.scopes.map(nameOf).join(", ") : t("scopeAll")}</Table.Td>
                <Table.Td><Instant value={token.created_at} /></Table.Td>
                <Table.Td>{token.last_used_at ? <Instant value={token.last_used_at} relative /> : t("never")}</Table.Td>
                <Table.Td>{token.expires_at ? <Instant value={token.expires_at} /> : t("never")}</Table.Td>
                <Table.Td ta="end">
                  <ConfirmButton
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    title={t("revokeTitle", { name: token.name })}
                    text={t("revokeText")}
                    confirm={t("revoke")}
                    danger
                    onConfirm={async () => {
                      await api.DELETE("/me/tokens/{id}", { params: { path: { id: token.id } } });
                      await client.invalidateQueries({ queryKey: KEY });
                    }}
                  >
                    {t("revoke")}
                  </ConfirmButton>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <Text c="dimmed" mt="sm">
          {t("noTokens")}
        </Text>
      )}
      <Assistants token={create.data?.token ?? undefined} />
    </Paper>
  );
}

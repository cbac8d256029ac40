/** How an assistant connects. */
export type Way = "http" | "command";

/** What an assistant is told of this server, in the form that most of them read. */
export function settingsOf(way: Way, server: string, token = "YOUR_TOKEN"): string {
  const stagecraft =
    way === "http"
      ? { type: "http", url: `${server}/mcp`, headers: { Authorization: `Bearer ${token}` } }
      : { command: "stagecraft", args: ["mcp", "--server", server], env: { STAGECRAFT_TOKEN: token } };
  return JSON.stringify({ mcpServers: { stagecraft } }, null, 2);
}

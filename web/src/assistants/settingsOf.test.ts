import { expect, it } from "vitest";
import { settingsOf } from "./settingsOf";

it("puts address and token where assistants look for them", () => {
  const http = JSON.parse(settingsOf("http", "https://sales.example.com", "sc_1"));
  expect(http.mcpServers.stagecraft).toEqual({ type: "http", url: "https://sales.example.com/mcp", headers: { Authorization: "Bearer sc_1" } });
  const command = JSON.parse(settingsOf("command", "https://sales.example.com"));
  expect(command.mcpServers.stagecraft.args).toEqual(["mcp", "--server", "https://sales.example.com"]);
  expect(command.mcpServers.stagecraft.env.STAGECRAFT_TOKEN).toBe("YOUR_TOKEN");
});

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { keys } from "~/api/queries";
import type { Condition, Field, ObjectDef } from "~/api/types";
import { ConditionEditor } from "./ConditionEditor";

const field = (key: string, type: Field["type"], en: string) => ({ key, type, label: { en, "zh-CN": en }, filterable: true }) as Field;
const opportunity = {
  key: "opportunity",
  label: { en: "Opportunity", "zh-CN": "商机" },
  fields: [field("name", "text", "Name"), field("next_step", "text", "Next step")],
} as ObjectDef;

function show(value: Condition | undefined) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(keys.objects, { meta_version: 1, objects: [opportunity] });
  const onChange = vi.fn();
  render(
    <QueryClientProvider client={client}>
      <MantineProvider>
        <ConditionEditor label="To enter" value={value} onChange={onChange} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return onChange;
}

it("adds a line with the first field", () => {
  const onChange = show(undefined);
  fireEvent.click(screen.getByRole("button", { name: "Add a line" }));
  expect(onChange).toHaveBeenCalledWith({ all: [{ field: "name", op: "is_not_empty" }] });
});

it("takes a line out, and leaves what it cannot draw as it is", () => {
  const exists: Condition = { exists: { object: "contact_role", at_least: 1 } };
  const onChange = show({ all: [{ field: "next_step", op: "is_not_empty" }, exists] });
  expect(screen.getByText(/this editor cannot draw/)).toBeTruthy();
  fireEvent.click(screen.getAllByRole("button", { name: "Remove this line" })[0]!);
  expect(onChange).toHaveBeenCalledWith({ all: [exists] });
});

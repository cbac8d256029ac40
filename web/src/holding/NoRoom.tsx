import { Alert } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Violation } from "~/api/types";
import { noRoomOf } from "./refusal";

const NoRoomAlert = lazy(() => import("./NoRoomAlert").then((room) => ({ default: room.NoRoomAlert })));

/** Tells a refusal for want of room, with all that can be done about it; nothing where that is not what stands in the way. */
export function NoRoom({ violations, object, record }: { violations: Violation[] | undefined | null; object?: string; record?: string }) {
  const refusal = noRoomOf(violations);
  if (!refusal) return null;
  return (
    <Suspense
      fallback={
        <Alert color="red" variant="light" mb="sm" role="alert">
          {refusal.message}
        </Alert>
      }
    >
      <NoRoomAlert refusal={refusal} object={object} record={record} />
    </Suspense>
  );
}

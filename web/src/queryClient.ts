import { createQueryClient } from "./api/queries";

/** One cache for the app: routes fill it before they show, hints of the server empty it. */
export const queryClient = createQueryClient();

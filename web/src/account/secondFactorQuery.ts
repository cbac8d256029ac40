import { api, bodyOf } from "~/api/client";

/** How one's second factor stands. */
export const secondFactorQuery = { queryKey: ["me", "second-factor"], queryFn: () => bodyOf(api.GET("/me/second-factor")) };

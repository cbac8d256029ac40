/** Where the settings of signing in are kept. */
export const SETTINGS = ["sign-in-settings"];

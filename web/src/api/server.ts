import type { components } from "./schema";

/** The types of the API's own description, as `npm run gen` writes them. */
export type Server = components["schemas"];

/**
 * One of them, some of whose fields are told more closely than the description can: a state is one of four words, not any text. Fields that the
 * server does not have cannot be named; that those named are of the same kind, `contract.ts` proves.
 */
export type Closer<Name extends keyof Server, Fields extends { [Key in keyof Fields]: Key extends keyof Server[Name] ? unknown : never }> = Omit<Server[Name], keyof Fields> & Fields;

/** What a name is called by programs: small letters, digits and underscores. A name in another script has none. */
export const apiNameOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 100);

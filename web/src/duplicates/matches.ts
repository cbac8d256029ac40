// What was found, put in order for the eye: each record once, the most alike first.
import type { HitRule, Match, Reason, RuleHit, Verdict } from "~/api/duplicates";

export type Alike = Match & { verdict: Verdict; /** The object whose record met it. */ own: string; rules: HitRule[]; /** One for each rule that found it. */ tokens: string[] };

const rank = (verdict: Verdict) => (verdict === "block" ? 1 : 0);

/** Each record that was found, by whichever rules: as the sternest of them has it, with the best of their scores. */
export function alikeOf(hits: RuleHit[]): Alike[] {
  const found = new Map<string, Alike>();
  for (const hit of hits) {
    for (const match of hit.matches) {
      // One that may not be seen has no id: its token is all there is to tell it by.
      const key = match.id ? `${match.object} ${match.id}` : match.token;
      // What lies in the recycle bin warns, whatever the rule says.
      const verdict: Verdict = match.voided ? "warn" : (match.verdict ?? hit.verdict);
      const known = found.get(key);
      if (!known) {
        found.set(key, { ...match, verdict, own: hit.rule.object ?? match.object, rules: [hit.rule], tokens: [match.token] });
        continue;
      }
      const better = (match.score ?? 0) > (known.score ?? 0);
      found.set(key, {
        ...(better ? { ...known, ...match, own: hit.rule.object ?? match.object } : known),
        verdict: rank(verdict) > rank(known.verdict) ? verdict : known.verdict,
        rules: known.rules.some((rule) => rule.id === hit.rule.id) ? known.rules : [...known.rules, hit.rule],
        tokens: known.tokens.includes(match.token) ? known.tokens : [...known.tokens, match.token],
        can: [...new Set([...known.can, ...match.can])],
        fields: { ...known.fields, ...match.fields },
      });
    }
  }
  return [...found.values()].sort((a, b) => rank(b.verdict) - rank(a.verdict) || (b.score ?? 0) - (a.score ?? 0));
}

/** What is sent along to go on over them. */
export const tokensOf = (hits: RuleHit[]): string[] => [...new Set(hits.flatMap((hit) => hit.matches.map((match) => match.token)))];

type Words = { equal: (field: string) => string; alike: (field: string, score: number) => string; across: (own: string, other: string) => string; and: string };

/** Why, in words: "name 93 %, phone equal". Fields of different names are told both. */
export function reasonWords(reasons: Reason[], nameOf: (reason: Reason) => { own: string; other: string }, words: Words): string {
  return reasons
    .map((reason) => {
      const { own, other } = nameOf(reason);
      const field = own === other ? own : words.across(own, other);
      return reason.score >= 100 ? words.equal(field) : words.alike(field, reason.score);
    })
    .join(words.and);
}

/** Found records by their objects, those with the most alike first. */
export function byObject(alike: Alike[]): { object: string; alike: Alike[] }[] {
  const groups = new Map<string, Alike[]>();
  for (const one of alike) groups.set(one.object, [...(groups.get(one.object) ?? []), one]);
  return [...groups].map(([object, list]) => ({ object, alike: list })).sort((a, b) => (b.alike[0]?.score ?? 0) - (a.alike[0]?.score ?? 0));
}

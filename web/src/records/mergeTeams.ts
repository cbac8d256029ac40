import type { TeamMember } from "~/api/types";

/** The team that somebody else has saved meanwhile, with what one has changed oneself since `seen`. */
export function mergeTeams(seen: TeamMember[], mine: TeamMember[], theirs: TeamMember[]): TeamMember[] {
  const of = (team: TeamMember[], person: string) => team.find((member) => member.person === person);
  const differs = (member: TeamMember) => JSON.stringify(of(seen, member.person)) !== JSON.stringify(member);
  const kept = theirs.filter(({ person }) => !of(seen, person) || of(mine, person));
  const merged = kept.map((member) => {
    const own = of(mine, member.person);
    return own && differs(own) ? own : member;
  });
  return [...merged, ...mine.filter((member) => !of(theirs, member.person) && differs(member))];
}

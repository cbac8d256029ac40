/** The people of the demo company who play in the stories. */
export const people = {
  /** salesperson in the team North */
  kim: "kim@demo.stagecraft.example",
  /** another salesperson in the team North */
  tara: "tara@demo.stagecraft.example",
  /** manager of the team North */
  mona: "mona@demo.stagecraft.example",
  /** salesperson in the team South */
  lee: "lee@demo.stagecraft.example",
  /** administrator */
  ada: "ada@demo.stagecraft.example",
};

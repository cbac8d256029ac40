// The server's description of its answers must fit what the screens read. This file holds types alone and becomes no code.
import type { components } from "./schema";
import type { Board, BoardColumn, Import, Me, Path, PathStage, Process, Rec, Setup, Stay, TeamMember, Violation } from "./types";

type Described = components["schemas"];
/** The keys that a screen reads and that the description does not know. */
type Missing<Read, Given> = Exclude<keyof Read, keyof Given>;
type Nothing<T extends never> = T;

export type Fits = [
  Nothing<Missing<Rec, Described["Record"]>>,
  Nothing<Missing<Me, Described["Me"]>>,
  Nothing<Missing<Setup, Described["SetupState"]>>,
  Nothing<Missing<Board, Described["Board"]>>,
  Nothing<Missing<BoardColumn, Described["BoardColumn"]>>,
  Nothing<Missing<Path, Described["Path"]>>,
  Nothing<Missing<PathStage, Described["PathStage"]>>,
  Nothing<Missing<Process, Described["Process"]>>,
  Nothing<Missing<Stay, Described["Stay"]>>,
  Nothing<Missing<TeamMember, Described["TeamMember"]>>,
  Nothing<Missing<Violation, Described["Violation"]>>,
  Nothing<Missing<Import, Described["Import"]>>,
];

import { zh } from "./chinese";
import { en } from "./english";

export default { en, zh };

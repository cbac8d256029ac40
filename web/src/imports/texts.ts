export { zh } from "./chinese";
export { en } from "./english";

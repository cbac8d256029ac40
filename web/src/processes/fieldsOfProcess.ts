/** The opportunity's field that names its sales process. */
export const PROCESS_FIELD = "sales_process";

/** The shape of a scenario. @module */
import type { Row } from "../lab/row.ts";
import type { Setting } from "../lab/setting.ts";
import type { Options } from "../options.ts";

export interface Scenario {
  /** One line for the help. */
  readonly summary: string;
  /** Measures, and tells each row as soon as it is there. */
  run(options: Options, setting: Setting): AsyncIterable<Row>;
}

/** What the parts of a service host share. */
import type { HttpClient } from "./http/request.ts";
import type { ServiceOptions } from "./options.ts";
import type { SdkClients } from "./sdk/clients.ts";
import type { RecentWindows } from "./items/recent.ts";
import type { Spool } from "./items/spool.ts";

export interface World {
  readonly options: ServiceOptions;
  readonly client: HttpClient;
  readonly sdk: SdkClients;
  readonly spool: Spool;
  readonly recent: RecentWindows;
}

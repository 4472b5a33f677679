/**
 * What is kept in records: a document per state machine and per activity, and one per revision of a machine, which never changes. Dates in epoch milliseconds.
 */
import type { MachineType } from "./service.ts";

export interface Tag {
  readonly key?: string;
  readonly value?: string;
}

/** Configuration as it is returned: with defaults filled in. */
export interface Configuration {
  readonly loggingConfiguration: object;
  readonly tracingConfiguration: object;
  readonly encryptionConfiguration?: object | undefined;
}

/** What an execution of a machine runs. */
export interface Revision extends Configuration {
  readonly revisionId: string;
  /** The one with which the machine was created: AWS does not show its id. */
  readonly initial: boolean;
  readonly definition: string;
  readonly roleArn: string;
  /** When it came to be. */
  readonly date: number;
}

export interface Version {
  readonly number: number;
  readonly revisionId: string;
  readonly description?: string | undefined;
  readonly creationDate: number;
}

export interface Route {
  readonly stateMachineVersionArn: string;
  readonly weight: number;
}

export interface Alias {
  readonly name: string;
  readonly description?: string | undefined;
  readonly routes: readonly Route[];
  readonly creationDate: number;
  readonly updateDate: number;
}

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly creationDate: number;
  /** The newest revision. */
  readonly revisionId: string;
  /** How it was created, for the check of a repeat. */
  readonly created: { readonly publish: boolean; readonly versionDescription?: string | undefined };
  /** Numbers of versions are never given twice. */
  readonly nextVersion: number;
  /** Oldest first. */
  readonly versions: readonly Version[];
  /** Oldest first. */
  readonly aliases: readonly Alias[];
  readonly tags: readonly Tag[];
}

export interface Activity {
  readonly arn: string;
  readonly name: string;
  readonly creationDate: number;
  readonly encryptionConfiguration: object;
  readonly tags: readonly Tag[];
}

import type { JobSeen, QuarantineFacts, StoredFacts } from './explain-facts';
import type { Job } from './model';

/** Reads what the store knows of a machine, all of one moment but for its children. */
export interface FactStore {
  /** Nothing when there is no such machine. */
  read(correlationId: string): Promise<StoredFacts | QuarantineFacts | undefined>;
}

/** Looks at jobs and changes nothing. */
export interface JobLook {
  look(job: Job): Promise<JobSeen>;
}

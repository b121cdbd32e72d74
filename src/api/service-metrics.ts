import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** What the gauges ask for whenever the page is read. */
export interface MetricSources {
  openJobs(): Promise<{ kind: string; phase: string; count: number }[]>;
  /** Accepted, not yet told to Temporal. */
  outbox(): Promise<{ what: string; waiting: number; oldest_seconds: number }[]>;
  relayAway(): boolean;
}

/**
 * Registers the gauges of jobs, outbox and relay. The page is read most urgently during an outage: then it comes
 * without what the database would have said.
 * @returns the relay's counter of what it told Temporal
 */
export function serviceMetrics(registry: Registry, sources: MetricSources): Counter<'what'> {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'doubletake_open_jobs',
    help: 'Jobs that wait or are at work, by kind and phase.',
    labelNames: ['kind', 'phase'],
    registers,
    async collect() {
      const rows = await sources.openJobs().catch(() => []);
      this.reset();
      for (const { kind, phase, count } of rows) this.set({ kind, phase }, count);
    },
  });
  const oldest = new Gauge({
    name: 'doubletake_outbox_oldest_seconds',
    help: 'How long the oldest such row has waited.',
    labelNames: ['what'],
    registers,
  });
  new Gauge({
    name: 'doubletake_outbox_depth',
    help: 'Rows Temporal was not told of yet: jobs to start, cancellations, deletions, webhooks.',
    labelNames: ['what'],
    registers,
    // For both gauges: they come from one question.
    async collect() {
      const rows = await sources.outbox().catch(() => []);
      this.reset();
      oldest.reset();
      for (const { what, waiting, oldest_seconds } of rows) {
        this.set({ what }, waiting);
        oldest.set({ what }, oldest_seconds);
      }
    },
  });
  new Gauge({
    name: 'doubletake_relay_away',
    help: '1 while the relay cannot reach Temporal or the database.',
    registers,
    collect() {
      this.set(sources.relayAway() ? 1 : 0);
    },
  });
  return new Counter({
    name: 'doubletake_relay_told_total',
    help: 'Jobs, cancellations, deletions and webhooks the relay told Temporal of.',
    labelNames: ['what'],
    registers,
  });
}

import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** What the gauges ask for whenever the page is read. */
export interface MetricSources {
  jobs(): Promise<{ kind: string; phase: string; count: number }[]>;
  /** Accepted, not yet told to Temporal. */
  waiting(): Promise<number>;
  relayAway(): boolean;
}

/** Registers the gauges of jobs, outbox and relay. @returns the relay's counter of what it told Temporal */
export function serviceMetrics(registry: Registry, sources: MetricSources): Counter<'what'> {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'doubletake_jobs',
    help: 'Jobs there are, by kind and phase.',
    labelNames: ['kind', 'phase'],
    registers,
    async collect() {
      // The page is read most urgently during an outage; then it comes without this gauge.
      const rows = await sources.jobs().catch(() => []);
      this.reset();
      for (const { kind, phase, count } of rows) this.set({ kind, phase }, count);
    },
  });
  new Gauge({
    name: 'doubletake_outbox_depth',
    help: 'Accepted jobs whose workflow was not started yet.',
    registers,
    async collect() {
      this.set(await sources.waiting().catch(() => Number.NaN));
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
    help: 'Workflow starts, cancellations and deletions the relay told Temporal.',
    labelNames: ['what'],
    registers,
  });
}

import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const words = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * The SDK's own metrics as a Prometheus page, and its log lines among ours. Once a process, before anything else of the SDK.
 * @param metricsAddress `host:port`; undefined: no page
 */
export function installRuntime(log: Logger, metricsAddress: string | undefined): Runtime {
  return Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, ...fields } = meta ?? {};
      log[words[level]]({ ...fields, ...(error !== undefined && { err: error }) }, message);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'WARN' }), forward: {} },
      ...(metricsAddress && {
        metrics: { prometheus: { bindAddress: metricsAddress, countersTotalSuffix: true } },
      }),
    },
  });
}

import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { findApiKey } from '../database/keys/find-api-key.ts';
import { authenticator } from './access/authenticate.ts';
import { oidcVerifier } from './access/oidc.ts';
import type { User } from './access/user.ts';
import type { ApiDependencies } from './dependencies.ts';
import { access } from './plugins/access.ts';
import { idleConnections } from './plugins/idle-connections.ts';
import { longBodies } from './plugins/long-bodies.ts';
import { isLoopback, loopbackOnly } from './plugins/loopback-only.ts';
import { maxConnections } from './plugins/max-connections.ts';
import { requestMetrics } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { longestParameter, problems } from './plugins/problems.ts';
import { refusedBodies } from './plugins/refused-bodies.ts';
import { requestId, requestIdOf } from './plugins/request-id.ts';
import { securityHeaders, securityHeadersAsData } from './plugins/security-headers.ts';
import { refuseWhileStopping } from './plugins/stopping.ts';
import { unknownRoutes } from './plugins/unknown-routes.ts';
import { unreadableRequests } from './plugins/unreadable-requests.ts';
import { deletions } from './routes/deletions.ts';
import { health } from './routes/health.ts';
import { jobActions } from './routes/jobs/actions.ts';
import { artifacts } from './routes/jobs/artifacts.ts';
import { assist } from './routes/jobs/assist.ts';
import { createJob } from './routes/jobs/create.ts';
import { progress } from './routes/jobs/progress.ts';
import { readJobs } from './routes/jobs/read.ts';
import { webhooks } from './routes/jobs/webhooks.ts';
import { metrics } from './routes/metrics.ts';
import { reports } from './routes/reports.ts';
import { sessions } from './routes/sessions.ts';
import { uploads } from './routes/uploads.ts';
import { welcome } from './routes/welcome.ts';

/** JSON bodies are small; files come by multipart and tus, which count for themselves. */
const jsonBytes = 256 * 1024;

/** Longest the first line and the headers of a request may take unless told, ms. */
const usualHeadersMs = 30_000;

/** Who asks when nobody is asked who they are. */
const localUser: User = { id: 'local', role: 'operator', until: null, limitedTo: null };

function authenticateBy({ auth, database, host }: ApiDependencies) {
  if (auth.required) {
    return authenticator((sha256) => findApiKey(database, sha256), auth.oidc && oidcVerifier(auth.oidc));
  }
  if (!isLoopback(host)) throw new Error(`Without authentication the API serves loopback only, not ${host}.`);
  return async () => localUser;
}

/** The API with every plugin and route, not yet listening. */
export async function buildApi(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const { headersMs: headersTimeout = usualHeadersMs } = dependencies.limits;
  const unreadable = unreadableRequests(dependencies.log, await securityHeadersAsData());
  const api = Fastify({
    loggerInstance: dependencies.log,
    genReqId: requestIdOf,
    bodyLimit: jsonBytes,
    // Uploads take as long as they take; silence is what ends them, and what `longBodies` sees.
    requestTimeout: 0,
    connectionTimeout: 120_000,
    routerOptions: { maxParamLength: longestParameter },
    // What Fastify and Node would answer by themselves is answered as everything else is.
    frameworkErrors: unreadable.frameworkErrors,
    clientErrorHandler: unreadable.clientErrorHandler,
    http: { requireHostHeader: false, headersTimeout, connectionsCheckingInterval: headersTimeout / 3 },
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  api.removeContentTypeParser('text/plain');
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);

  await api.register(requestId);
  await api.register(problems);
  await api.register(refusedBodies);
  await api.register(idleConnections);
  await api.register(securityHeaders);
  await api.register(requestMetrics, { registry: dependencies.registry });
  await api.register(unreadable.plugin);
  await api.register(refuseWhileStopping, dependencies);
  const onlyLoopback = !dependencies.auth.required;
  if (onlyLoopback) await api.register(loopbackOnly);
  await api.register(unknownRoutes);
  await api.register(access, { authenticate: authenticateBy(dependencies), onlyLoopback });
  await api.register(maxConnections, dependencies.limits);
  await api.register(longBodies, dependencies.limits);
  await api.register(openapi, dependencies);

  const ofKinds = Object.values(dependencies.kindApis).flatMap(({ routes }) => routes ?? []);
  const shared = [
    uploads,
    createJob,
    readJobs,
    progress,
    artifacts,
    jobActions,
    assist,
    webhooks,
    deletions,
    sessions,
    reports,
  ];
  for (const routes of [...shared, ...ofKinds, health, metrics, welcome])
    await api.register(routes, dependencies);
  return api as unknown as FastifyInstance;
}

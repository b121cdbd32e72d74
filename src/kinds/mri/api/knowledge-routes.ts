import { userOf } from '../../../api/access/user.ts';
import type { KindApi } from '../../../api/kind-api.ts';
import { iso } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { knowledgeFile } from '../language/passage.ts';
import { addKnowledge, latestVersion } from '../tables/knowledge/add-knowledge.ts';
import { listKnowledge } from '../tables/knowledge/read-knowledge.ts';
import { addShippedKnowledge } from '../tables/knowledge/shipped.ts';
import { knowledgeAdded, knowledgeList, knowledgePage } from './knowledge-schemas.ts';

/** Two thousand passages of two thousand characters. */
const mostBytes = 4 * 1024 ** 2;

/** The knowledge base that reports cite. */
export const knowledgeRoutes: NonNullable<KindApi['routes']> = async (api, { database }) => {
  api.get(
    '/api/knowledge',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['mri'],
        summary: 'The passages that reports may cite, oldest first',
        querystring: knowledgePage,
        response: { 200: knowledgeList },
      },
    },
    async ({ query: { after, limit } }) => {
      // What ships is there before anybody looks at it, and not only once a report was written.
      await addShippedKnowledge(database);
      const rows = await listKnowledge(database.em(), {
        after: Number(after?.slice(1) ?? 0),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit).map(({ added_at, ...row }) => ({ ...row, added_at: iso(added_at) }));
      return {
        ...(await latestVersion(database.em())),
        items,
        next_after: rows.length > limit ? (items.at(-1)?.cite ?? null) : null,
      };
    },
  );

  api.post(
    '/api/knowledge',
    {
      config: { access: 'operator' },
      bodyLimit: mostBytes,
      schema: {
        tags: ['mri'],
        summary: 'Add passages that reports may cite',
        description:
          'All or none. A passage with the `id` of another takes its place; one that is there already changes nothing. Reports that were written stay as they are.',
        body: knowledgeFile,
        response: { 200: knowledgeAdded, 422: problemOf('A passage lacks its source or its licence, say.') },
      },
    },
    async (request) => {
      await addShippedKnowledge(database);
      return addKnowledge(database, request.body, { by: userOf(request).id });
    },
  );
};

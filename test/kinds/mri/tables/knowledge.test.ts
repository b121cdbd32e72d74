import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { knowledgeFile, type Passage } from '../../../../src/kinds/mri/language/passage.ts';
import { addKnowledge, latestVersion } from '../../../../src/kinds/mri/tables/knowledge/add-knowledge.ts';
import { keepEmbeddings, withoutEmbedding } from '../../../../src/kinds/mri/tables/knowledge/embeddings.ts';
import { listKnowledge, normsFor } from '../../../../src/kinds/mri/tables/knowledge/read-knowledge.ts';
import { retrieve } from '../../../../src/kinds/mri/tables/knowledge/retrieve.ts';
import { addShippedKnowledge, shippedKnowledge } from '../../../../src/kinds/mri/tables/knowledge/shipped.ts';
import { openTestDatabase } from '../../../database/jobs.ts';
import { askAll, questions, recallAt } from '../knowledge/recall.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
  await addShippedKnowledge(database);
});
afterAll(() => database?.drop());

const of = (change: Partial<Passage> = {}): Passage => ({
  id: 'of-the-test',
  title: 'Quokkas',
  text: 'The quokka is a small wallaby of Rottnest Island.',
  source: 'A zoologist.',
  licence: 'CC-BY-4.0',
  verified: true,
  ...change,
});
const file = (...passages: Passage[]) => knowledgeFile.parse({ passages });
const add = (...passages: Passage[]) => addKnowledge(database, file(...passages), { by: 'operator-1' });

test('at least forty passages ship, each with its source and licence', async () => {
  const all = await listKnowledge(database.em(), { limit: 1000 });
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(all).toHaveLength(shippedKnowledge.passages.length);
  for (const passage of all)
    expect(passage).toMatchObject({ added_by: 'doubletake', since_version: 1, licence: 'Apache-2.0' });
  expect(all.filter(({ verified }) => !verified).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['bethlehem-2022-grey', 'pfefferbaum-1994-grey']),
  );
  expect(await latestVersion(database.em())).toMatchObject({ version: 1, passages: all.length });
});

test('of questions with known passages at least nine of ten find theirs among the first five', async () => {
  expect(questions.length).toBeGreaterThanOrEqual(50);
  const asked = await askAll(database.em());
  const missed = asked.filter(({ rank }) => rank === 0 || rank > 5);
  expect([recallAt(5, asked) >= 0.9, missed]).toEqual([true, expect.anything()]);
  expect(recallAt(1, asked)).toBeGreaterThan(0.6);
});

test('the same file again changes nothing; another content of an id is the next version, and the old one stays', async () => {
  const { version } = await latestVersion(database.em());
  expect(await add(of())).toMatchObject({ version: version + 1, added: 1, replaced: 0, unchanged: 0 });
  expect(await add(of())).toMatchObject({ version: version + 1, added: 0, replaced: 0, unchanged: 1 });
  // Deduplicated by what it says, not by its name; spaces do not count.
  const again = of({ id: 'other-name', text: of().text.replace('a small', 'a\n small') });
  expect(await add(again)).toMatchObject({ version: version + 1, unchanged: 1 });
  const [before] = await retrieve(database.em(), 'quokka', { limit: 1 });
  expect(before).toMatchObject({ id: 'of-the-test', source: 'A zoologist.', licence: 'CC-BY-4.0' });

  const changed = await add(of({ text: 'The quokka smiles.', licence: 'CC0-1.0' }));
  expect(changed).toMatchObject({ version: version + 2, added: 0, replaced: 1 });
  const found = await retrieve(database.em(), 'quokka', { limit: 5 });
  expect(found.filter(({ id }) => id === 'of-the-test')).toEqual([
    expect.objectContaining({ text: 'The quokka smiles.', added_by: 'operator-1' }),
  ]);
  expect(found[0]?.cite).not.toBe(before?.cite);
  const [old] = await database
    .em()
    .execute('SELECT text, retired_version FROM knowledge_passages WHERE n = ?', [
      Number(before?.cite.slice(1)),
    ]);
  expect(old).toEqual({ text: of().text, retired_version: version + 2 });
});

test('two processes that bring the shipped file at once bring it once, and none brings it back later', async () => {
  const version = await latestVersion(database.em());
  const [{ id }] = shippedKnowledge.passages as [Passage];
  await Promise.all([addShippedKnowledge(database), addShippedKnowledge(database)]);
  expect(await latestVersion(database.em())).toEqual(version);
  await add(of({ id, title: 'Corrected by an operator' }));
  await addShippedKnowledge(database);
  const all = await listKnowledge(database.em(), { limit: 1000 });
  expect(all.filter((one) => one.id === id)).toEqual([
    expect.objectContaining({ title: 'Corrected by an operator' }),
  ]);
});

test('nothing in a question is an operator or a pattern', async () => {
  for (const question of [
    '',
    '"',
    '-hippocampus',
    "'; DROP TABLE x; --",
    '!!! & | :* <->',
    '\\ { } " %_',
    '½ 二',
  ])
    await expect(retrieve(database.em(), question, { limit: 5 })).resolves.toBeInstanceOf(Array);
  const [first] = await retrieve(database.em(), '-hippocampus', { limit: 1 });
  expect(first?.title.toLowerCase()).toContain('hippocamp');
});

test('a range is found by age and sex only', async () => {
  const of = async (age: number, sex: 'male' | 'female') =>
    (await normsFor(database.em(), { age, sex })).map(({ id }) => id);
  expect(await of(60, 'female')).toEqual(['matsumae-1996-women', 'ahmad-women']);
  expect(await of(30, 'male')).toEqual(['matsumae-1996-men']);
  expect(await of(12, 'male')).toEqual([]);
});

test('vectors join the other rankings; those of another model do not', async () => {
  const model = 'tiny-embeddings';
  const lacking = await withoutEmbedding(database, model, 1000);
  const wanted = lacking.find(({ text }) => text.startsWith('Why a face is removed'));
  await keepEmbeddings(
    database,
    model,
    lacking.map(({ n }) => ({ n, vector: n === wanted?.n ? [3, 4] : [-4, 3] })),
  );
  expect(await withoutEmbedding(database, model, 1000)).toEqual([]);
  const ask = async (vector?: { model: string; vector: number[] }) =>
    (await retrieve(database.em(), 'zzz', { limit: 1, ...(vector && { vector }) })).map(({ id }) => id);
  expect(await ask()).toEqual([]);
  expect(await ask({ model, vector: [30, 40] })).toEqual(['defacing']);
  expect(await ask({ model: 'another', vector: [30, 40] })).toEqual([]);
  expect(await ask({ model, vector: [1, 2, 3] })).toEqual([]);
});

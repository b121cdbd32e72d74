import { NotFound } from '../domain/errors.ts';

/** One answer for what does not exist and for what belongs to someone else. */
export function notFound(what: string, id: string): NotFound {
  return new NotFound(`There is no ${what} ${id}.`);
}

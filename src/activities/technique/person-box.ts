import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import type { Box } from '../../kinds/technique/analysis/look.ts';

/** The options' box is in fractions of the frame; a look takes display pixels. */
export function seedOf(
  person: TechniqueOptions['person'],
  { width, height }: { width: number; height: number },
): Box | null {
  if (!person) return null;
  return {
    x: person.x * width,
    y: person.y * height,
    width: person.width * width,
    height: person.height * height,
  };
}

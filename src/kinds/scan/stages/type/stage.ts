import type { StageFinding } from '../../analysis/findings.ts';
import type { FileType, ScannedFile, Stage } from '../../analysis/stage.ts';
import { extensionOf } from './detect-type.ts';
import type { typeFindings } from './findings.ts';
import { type Family, familyOf, namesOf, typesByMediaType } from './names-of-types.ts';

/** Compares what a file is with what its name says, and with what whoever sent it says. */
export const typeStage: Stage = {
  name: 'type',
  version: '1',
  looksAt: ({ type }) => type !== 'empty',
  look(file) {
    const findings: StageFinding[] = [];
    const extension = extensionOf(file.name);
    const named = namesOf[extension];
    if (named && !named.includes(file.type)) {
      findings.push(differs(file, named, `It is ${file.mediaType} and is called .${extension}.`));
    }
    const declared = declaredTypes(file);
    // One alarm for one disguise: most senders declare what the name says.
    if (declared && !declared.includes(file.type) && findings.length === 0) {
      findings.push(
        differs(file, declared, `It is ${file.mediaType} and is declared as ${file.declaredType}.`),
      );
    }
    return { findings };
  },
};

function declaredTypes({ declaredType }: ScannedFile): readonly FileType[] | undefined {
  const essence = declaredType?.split(';', 1)[0]?.trim().toLowerCase();
  return essence === undefined ? undefined : typesByMediaType[essence];
}

function differs({ type }: ScannedFile, expected: readonly FileType[], evidence: string): StageFinding {
  return { id: idFor(familyOf(type), familyOf(expected[0] as FileType), type), evidence };
}

function idFor(is: Family, looks: Family, type: FileType): keyof typeof typeFindings {
  const forPeople = looks === 'document' || looks === 'media' || looks === 'text';
  // Packages of Java and Android are ZIPs, and nothing is hidden where they are called so.
  const isPackage = looks === 'archive' && (type === 'jar' || type === 'apk');
  if (is === 'program' && (forPeople || looks === 'archive') && !isPackage) return 'type.program-as-document';
  if (is === 'script' && (looks === 'document' || looks === 'media')) return 'type.script-as-document';
  if (is === 'page' && looks === 'media') return type === 'html' ? 'type.page-as-media' : 'type.other-name';
  if (looks === 'script' && (is === 'media' || is === 'document')) return 'type.media-as-script';
  return 'type.other-name';
}

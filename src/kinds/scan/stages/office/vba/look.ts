import { latin1, utf16 } from '../../../documents/bytes.ts';
import type { CompoundFile } from '../../../documents/compound-file.ts';
import type { DocumentReport } from '../../../documents/report.ts';
import { readVbaProjects, type VbaModule, type VbaProject } from './project.ts';
import { behaviourOf } from './rule.ts';
import { tellingNames } from './words.ts';

/**
 * Looks at the macros of a compound file.
 * @param holder where the file lies in its document, for people
 * @param callbacks procedures that the document calls when it is opened
 */
export function lookAtMacros(
  file: CompoundFile,
  report: DocumentReport,
  { holder = '', callbacks = [] as readonly string[] } = {},
): void {
  for (const project of readVbaProjects(file)) {
    const modules = project.modules.filter(({ source }) => source !== '');
    const damaged = project.modules.filter((module) => module.damaged);
    for (const { name } of damaged)
      report.missed(`The source of the macro module "${name}" can't be read whole.`);
    // Office adds a module for the document and each sheet, which hold no code until someone writes some.
    const written = modules.filter(({ source }) => codeLines(source) > 0);
    if (written.length > 0) {
      report.facts.macroModules = written
        .map(({ name, source }) => ({ name, lines: codeLines(source) }))
        .slice(0, 100);
      report.note('office.macro', `${holder}${project.path}: ${written.map(({ name }) => name).join(', ')}`);
      judge(written, report, holder, callbacks);
    }
    lookForStomping(project, report);
  }
}

function judge(
  modules: readonly VbaModule[],
  report: DocumentReport,
  holder: string,
  callbacks: readonly string[],
): void {
  const { automatic, executes, writes } = behaviourOf(modules, callbacks);
  if (!automatic || !(executes || writes)) return;
  const does = [executes && `executes (${executes})`, writes && `writes (${writes})`]
    .filter(Boolean)
    .join(' and ');
  const offset = holder ? undefined : modules.find(({ source }) => source.includes(automatic))?.offset;
  report.add('office.auto-exec-macro', `${holder}${automatic} runs by itself, and the macro ${does}`, offset);
}

/** Source and compiled code may differ: Office runs the compiled one where its version fits. */
function lookForStomping({ names, modules, path }: VbaProject, report: DocumentReport): void {
  const source = modules.map((module) => module.source.toLowerCase()).join('\n');
  const compiled = [names, ...modules.map((module) => module.compiled)];
  const missing = new Set<string>();
  for (const bytes of compiled) {
    for (const text of [latin1(bytes), utf16(bytes), utf16(bytes.subarray(1))]) {
      for (const [name] of text.matchAll(tellingNames)) {
        if (!source.includes(name.toLowerCase())) missing.add(name);
      }
    }
  }
  if (missing.size > 0) {
    report.note(
      'office.vba-stomping',
      `${path}: compiled code names ${[...missing].slice(0, 8).join(', ')}, its source does not`,
    );
  }
}

function codeLines(source: string): number {
  return source.split(/\r\n|\r|\n/).filter((line) => {
    const text = line.trim();
    return text !== '' && !/^(?:attribute\s|option\s|')/i.test(text);
  }).length;
}

import { isFarShare, isRemote, startsHandler } from '../../documents/remote.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { xmlEvents, xmlText } from '../../documents/xml.ts';
import type { ZipParts } from '../../documents/zip-parts.ts';
import { ddeInFormula } from './excel/judge.ts';
import { behaviourOf } from './vba/rule.ts';

/** LibreOffice goes by either; both may lie in a ZIP that is a document of another kind as well. */
export function isOpenDocument({ parts }: ZipParts): boolean {
  return parts.some(({ name }) => /^(?:mimetype|META-INF\/manifest\.xml)$/i.test(name));
}

/** Looks at an OpenDocument: macros bound to events, DDE, objects from elsewhere, encryption. */
export function lookAtOpenDocument(zip: ZipParts, report: DocumentReport): void {
  const modules: { name: string; source: string }[] = [];
  const events: string[] = [];
  const scripts: string[] = [];
  for (const part of zip.parts) {
    if (/^Scripts\/\w+\/.*\.(?:py|js|bsh|java)$/i.test(part.name)) scripts.push(part.name);
    if (!/\.(?:xml|xlb|rdf)$/i.test(part.name)) continue;
    const bytes = zip.read(part);
    if (!bytes) continue;
    const xml = xmlText(bytes);
    if (part.name === 'META-INF/manifest.xml' && /<(?:\w+:)?(?:encryption-data|encrypted-key)\b/.test(xml)) {
      report.missed('The document is encrypted with a password.');
    }
    if (/^Basic\/.*\.xml$/i.test(part.name)) {
      const source = moduleSource(xml);
      if (source) modules.push({ name: part.name, source });
    } else lookAtPart(xml, part.name, events, report);
  }
  judgeMacros(modules, scripts, events, report);
}

const MOST_MODULES = 1000;

/** Looks at an OpenDocument that is one XML, with its macros and objects in it. */
export function lookAtFlatOpenDocument(xml: string, report: DocumentReport): void {
  const modules: { name: string; source: string }[] = [];
  const events: string[] = [];
  let source: { name: string; source: string } | null = null;
  let module = '';
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (source) source.source += event.text;
    } else if (event.name === 'module') {
      if (event.kind === 'open') module = event.attributes.get('name') ?? '';
    } else if (event.name === 'source-code') {
      source = event.kind === 'open' && !event.selfClosing ? { name: module, source: '' } : null;
      if (source && modules.length < MOST_MODULES) modules.push(source);
    }
  }
  lookAtPart(xml, 'the document', events, report);
  judgeMacros(modules, [], events, report);
}

function moduleSource(xml: string): string {
  let source = '';
  for (const event of xmlEvents(xml)) if (event.kind === 'text') source += event.text;
  return source.trim();
}

function judgeMacros(
  modules: readonly { name: string; source: string }[],
  scripts: readonly string[],
  events: readonly string[],
  report: DocumentReport,
): void {
  const names = [...modules.map(({ name }) => name), ...scripts];
  if (names.length === 0 && events.length === 0) return;
  if (names.length > 0) report.note('office.macro', names.join(', '));
  const [event] = events;
  if (!event) return;
  const { executes, writes } = behaviourOf(modules);
  const does = executes ?? writes ?? scripts[0];
  // Other than Basic, a script is not read here; one that runs by itself need not be.
  if (does) report.add('office.auto-exec-macro', `${event} runs by itself, and the macro uses ${does}`);
}

/** Events that come without anybody's doing. */
const automatic =
  /(?:^|:)(?:on-?)?(?:load|load-finished|new|create|focus|start-app|view-created|layout-finished|prepare-unload|unload|close-app|page-count-change|visarea-changed|mouse-?over)$/i;

function lookAtPart(xml: string, name: string, events: string[], report: DocumentReport): void {
  for (const event of xmlEvents(xml)) {
    if (event.kind !== 'open') continue;
    const { attributes } = event;
    const href = attributes.get('href') ?? '';
    for (const script of [href, attributes.get('macro-name') ?? '']) {
      if (leavesScripts(script)) report.add('office.script-outside', `${name}: ${event.name} ${script}`);
    }
    if (event.name === 'a' && startsHandler(href)) report.add('office.link-runs', `${name}: ${href}`);
    if (event.name === 'event-listener') {
      const script = href || attributes.get('macro-name') || '';
      if (automatic.test(attributes.get('event-name') ?? '') && events.length < 100) events.push(script);
    } else if (event.name === 'dde-source' || event.name === 'dde-connection-decl') {
      const { application, topic } = {
        application: attributes.get('dde-application'),
        topic: attributes.get('dde-topic'),
      };
      report.add('office.dde-link', `${name}: ${application}|${topic}`);
    } else if (event.name === 'object' || event.name === 'object-ole' || event.name === 'floating-frame') {
      if (isRemote(href)) report.add('office.remote-object', `${name}: ${event.name} ${href}`);
    } else if (event.name === 'section-source' || event.name === 'cell-range-source') {
      if (isRemote(href)) report.note('office.external-content', `${name}: ${event.name} ${href}`);
    } else if (event.name !== 'a' && isFarShare(href)) {
      report.add('office.remote-share', `${name}: ${event.name} ${href}`);
    }
    const formula = attributes.get('formula');
    const link = formula && ddeInFormula(formula.replace(/^\w{1,10}:/, ''));
    if (link) report.add('office.dde-link', `${name}: ${link}`);
  }
}

/**
 * Whether the address of a script leads out of the folders for scripts (CVE-2018-16858), to a module of Python itself,
 * or to the interpreter of drawings that runs any Python (CVE-2019-9848).
 */
function leavesScripts(address: string): boolean {
  let plain = address;
  for (let times = 0; times < 3 && plain.includes('%'); times++) plain = decoded(plain);
  const [, path] = /^\s*vnd\.sun\.star\.script:([^?]*)/i.exec(plain) ?? [];
  return (
    path !== undefined &&
    /(?:^|[\\/|])\.\.(?:[\\/|]|$)|^[\\/]|^\w:[\\/]|\bpydoc\b|\bLibreLogo\.py\$run\b/i.test(path)
  );
}

function decoded(text: string): string {
  return text.replaceAll(/%([\da-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

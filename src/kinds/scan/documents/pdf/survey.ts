import { nameOf, type PdfDocument } from './document.ts';
import { PdfDict, PdfRef, PdfStream, PdfString, type PdfValue } from './values.ts';

/** `open`: by itself, when the document or a page is opened or closed; `form`: while a field is filled in. */
export type PdfTrigger = 'open' | 'form' | 'click';

export interface PdfAction {
  /** `JavaScript`, `Launch`, `URI`, … */
  kind: string;
  dict: PdfDict;
  trigger: PdfTrigger;
  offset: number | undefined;
}

export interface PdfFile {
  name: string;
  stream: PdfStream;
  offset: number | undefined;
}

export interface PdfSurvey {
  actions: PdfAction[];
  files: PdfFile[];
  /** The texts of forms in XFA. */
  forms: PdfStream[];
  /** Where annotations play film, sound or Flash. */
  media: (number | undefined)[];
}

const MOST = 2000;
/** Of following actions to those that follow them. */
const MOST_STEPS = 100_000;
const DEEPEST_TREE = 32;
const LARGEST_TREE = 100_000;
/** Events of the document and its pages, and of annotations when their page is shown. */
const byThemselves = new Set(['O', 'C', 'WC', 'WS', 'DS', 'WP', 'DP', 'PO', 'PC', 'PV', 'PI']);
const ofFields = new Set(['K', 'F', 'V', 'C']);
const knownKinds = new Set(
  'JavaScript Launch URI SubmitForm ImportData GoToR GoToE Thread Rendition Movie Sound RichMediaExecute'.split(
    ' ',
  ),
);

/** Goes over all objects of a PDF for what acts, and for the files that it carries. */
export function surveyPdf(document: PdfDocument): PdfSurvey {
  return new Surveyor(document).survey;
}

class Surveyor {
  readonly survey: PdfSurvey = { actions: [], files: [], forms: [], media: [] };
  readonly #document: PdfDocument;
  readonly #triggers = new Map<string, PdfTrigger>();
  readonly #actions = new Map<string, Omit<PdfAction, 'trigger'>>();
  readonly #files = new Map<string, PdfFile>();
  #steps = 0;

  constructor(document: PdfDocument) {
    this.#document = document;
    this.#markCatalog();
    for (const { number, value } of document.all()) this.#visit(value, document.offsetOf(number));
    for (const [place, action] of this.#actions) {
      this.survey.actions.push({ ...action, trigger: this.#triggers.get(place) ?? 'click' });
    }
  }

  #markCatalog(): void {
    const root = this.#document.root;
    if (!root) return;
    this.#mark(root.get('OpenAction'), 'open');
    const names = this.#document.resolve(root.get('Names'));
    if (names instanceof PdfDict)
      for (const script of this.#treeValues(names.get('JavaScript'))) this.#mark(script, 'open');
  }

  /** The values of a name tree (7.9.6), which come after their names. */
  #treeValues(tree: PdfValue): PdfValue[] {
    const found: PdfValue[] = [];
    const open = [{ node: tree, depth: 0 }];
    let seen = 0;
    for (let next = open.pop(); next && seen < LARGEST_TREE; next = open.pop(), seen++) {
      const node = this.#document.resolve(next.node);
      if (!(node instanceof PdfDict) || next.depth > DEEPEST_TREE) continue;
      const names = this.#document.resolve(node.get('Names'));
      if (Array.isArray(names)) found.push(...names.filter((_, index) => index % 2 === 1).slice(0, MOST));
      const kids = this.#document.resolve(node.get('Kids'));
      if (Array.isArray(kids))
        open.push(...kids.slice(0, MOST).map((kid) => ({ node: kid, depth: (next?.depth ?? 0) + 1 })));
    }
    return found;
  }

  /** An action and those that follow it have the trigger of the first. */
  #mark(action: PdfValue, trigger: PdfTrigger): void {
    const open = [action];
    for (; open.length > 0 && this.#steps < MOST_STEPS; this.#steps++) {
      const next = this.#document.resolve(open.pop());
      if (Array.isArray(next)) open.push(...next.slice(0, MOST));
      if (!(next instanceof PdfDict)) continue;
      const known = this.#triggers.get(next.place);
      if (known === trigger) continue;
      if (known === undefined || trigger === 'open') this.#triggers.set(next.place, trigger);
      if (next.has('Next')) open.push(next.get('Next'));
    }
  }

  #visit(value: PdfValue, offset: number | undefined): void {
    const open: PdfValue[] = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next instanceof PdfRef) this.#document.noteIfLost(next);
      else if (Array.isArray(next)) for (const item of next) open.push(item);
      else if (next instanceof PdfStream) {
        this.#stream(next, offset);
        open.push(next.dict);
      } else if (next instanceof PdfDict) {
        this.#dict(next, next.offset ?? offset);
        for (const item of next.map.values()) open.push(item);
      }
    }
  }

  #stream(stream: PdfStream, offset: number | undefined): void {
    if (nameOf(this.#document.resolve(stream.dict.get('Type'))) === 'EmbeddedFile')
      this.#file('', stream, offset);
  }

  #dict(dict: PdfDict, offset: number | undefined): void {
    const document = this.#document;
    const kind = nameOf(document.resolve(dict.get('S')));
    if (knownKinds.has(kind) && this.#actions.size < MOST)
      this.#actions.set(dict.place, { kind, dict, offset });
    const additional = document.resolve(dict.get('AA'));
    if (additional instanceof PdfDict) this.#additional(dict, additional);
    if (dict.has('EF')) this.#specification(dict, offset);
    if (dict.has('XFA')) this.#form(document.resolve(dict.get('XFA')));
    if (/^(?:RichMedia|Movie|Screen|Sound|3D)$/.test(nameOf(document.resolve(dict.get('Subtype'))))) {
      if (dict.has('Rect') && this.survey.media.length < MOST) this.survey.media.push(offset);
    }
  }

  #additional(owner: PdfDict, actions: PdfDict): void {
    const isField = owner.has('FT') || owner.has('T') || nameOf(owner.get('Subtype')) === 'Widget';
    for (const [event, action] of actions.map) {
      if (isField && ofFields.has(event)) this.#mark(action, 'form');
      else if (byThemselves.has(event)) this.#mark(action, 'open');
    }
  }

  #form(form: PdfValue): void {
    for (const part of Array.isArray(form) ? form : [form]) {
      const stream = this.#document.resolve(part);
      if (stream instanceof PdfStream && this.survey.forms.length < 100) this.survey.forms.push(stream);
    }
  }

  /** A file specification gives the same file under several names. */
  #specification(dict: PdfDict, offset: number | undefined): void {
    const embedded = this.#document.resolve(dict.get('EF'));
    if (!(embedded instanceof PdfDict)) return;
    const names = ['UF', 'F', 'Unix', 'DOS', 'Mac'].map((key) => this.#document.resolve(dict.get(key)));
    const name = names.find((found) => found instanceof PdfString);
    for (const value of embedded.map.values()) {
      const stream = this.#document.resolve(value);
      if (stream instanceof PdfStream) this.#file(name?.text ?? '', stream, offset);
    }
  }

  #file(name: string, stream: PdfStream, offset: number | undefined): void {
    const { place } = stream.dict;
    const known = this.#files.get(place);
    if (known) known.name ||= name;
    else if (this.#files.size < MOST) {
      const file = { name, stream, offset };
      this.#files.set(place, file);
      this.survey.files.push(file);
    }
  }
}

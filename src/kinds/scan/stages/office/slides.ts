import type { DocumentReport } from '../../documents/report.ts';
import { xmlEvents } from '../../documents/xml.ts';

/** Actions of shapes: `ppaction://program` starts one at a click, or when the pointer is moved over the shape. */
export function judgeSlidePart(xml: string, name: string, report: DocumentReport): void {
  for (const event of xmlEvents(xml)) {
    if (event.kind !== 'open') continue;
    const action = event.attributes.get('action') ?? '';
    if (/^ppaction:\/\/program/i.test(action))
      report.add('office.link-runs', `${name}: ${event.name} ${action}`);
  }
}

import type { StageFinding } from '../../../analysis/findings.ts';
import type { StageReport } from '../../../analysis/stage.ts';
import type { Views } from '../views.ts';

const runnable =
  /\.(?:exe|dll|cpl|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|jar|iso|img|vhdx?|one|zip|rar|7z|cab)(?:[?#]|$)/i;
const shareName = /^(?:file:[/\\]{2,}[^/\\]|[/\\]{2}[^/\\])/i;
const localFile = /^(?:file:[/\\]{3}[a-z]:|[a-z]:\\)/i;
/** Pages, mail, calls, and what shops and players register for their own links. */
const ordinaryScheme =
  /^(?:https?|ftp|mailto|tel|news|steam|spotify|com\.epicgames\.launcher|onenote|zoommtg|slack|discord|msteams):/i;
const anyScheme = /^[a-z][\w.+-]{1,40}:/i;

/** An Internet shortcut: where it leads, and where its icon and its folder lie. */
export function lookAtUrl({ text }: Views): StageReport {
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*([^\\r\\n]{1,2000})`, 'gim'))]
      .slice(0, 5)
      .map(([, value]) => (value as string).trim().replace(/^"|"$/g, ''));
  const findings: StageFinding[] = [];
  const urls = [...values('URL'), ...values('BASEURL')];
  for (const url of [...new Set(urls)]) {
    const id = idFor(url);
    if (id) findings.push({ id, evidence: url });
  }
  for (const path of [...values('IconFile'), ...values('WorkingDirectory'), ...values('IconResource')]) {
    if (shareName.test(path) || /^https?:/i.test(path))
      findings.push({ id: 'scripts.url-remote-icon', evidence: path });
  }
  return { findings, facts: { ...(urls[0] !== undefined && { url: urls[0] }) } };
}

function idFor(url: string): string | undefined {
  const unquoted = url.replaceAll(/%([\da-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  if (shareName.test(unquoted)) return 'scripts.url-remote-file';
  if (localFile.test(unquoted)) return runnable.test(unquoted) ? 'scripts.url-remote-file' : undefined;
  if (
    /^(?:javascript|vbscript|data|mhtml|search-ms|ms-msdt|ms-officecmd|shell|ms-its|its|mk):/i.test(unquoted)
  )
    return 'scripts.url-script';
  if (ordinaryScheme.test(unquoted)) return runnable.test(unquoted) ? 'scripts.url-program' : undefined;
  return anyScheme.test(unquoted) ? 'scripts.url-program' : undefined;
}

/** A web query names one address; Excel takes what comes from there as cells. */
export function lookAtQuery({ text }: Views): StageReport {
  const url = /^[ \t]*((?:https?|ftp|file):[^\s]{1,2000}|\\\\[^\r\n]{1,500})/im.exec(text)?.[1];
  return {
    findings: url === undefined ? [] : [{ id: 'scripts.web-query', evidence: url }],
    ...(url !== undefined && { facts: { url } }),
  };
}

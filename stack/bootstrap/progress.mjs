const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Runs a step and shows that it runs: on a terminal one line that moves, elsewhere a line when it begins, one
 * every 20 seconds and one when it ends.
 *
 * @template T
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<T>} work `note` shows a few words beside the title
 * @param {{stream?: NodeJS.WriteStream}} [options]
 * @returns {Promise<T>} what `work` resolved to
 */
export async function step(title, work, { stream = process.stderr } = {}) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  let note = '';
  let turn = 0;
  const words = () => [title, note, `(${seconds()} s)`].filter(Boolean).join(' ');
  const paint = () => {
    const line = `${frames[turn++ % frames.length]} ${words()}`;
    stream.write(`\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}`);
  };
  if (!stream.isTTY) stream.write(`  ${title} …\n`);
  const ticking = setInterval(
    () => (stream.isTTY ? paint() : stream.write(`  … ${words()}\n`)),
    stream.isTTY ? 100 : 20_000,
  );
  ticking.unref();
  let mark = '✗';
  try {
    const result = await work((text) => {
      note = text;
    });
    mark = '✓';
    note = '';
    return result;
  } catch (error) {
    if (/** @type {Error} */ (error)?.name === 'AbortError') [mark, note] = ['■', 'stopped'];
    throw error;
  } finally {
    clearInterval(ticking);
    stream.write(`${stream.isTTY ? '\r\x1b[2K' : ''}${mark} ${words()}\n`);
  }
}

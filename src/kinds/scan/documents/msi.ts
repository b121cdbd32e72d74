const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';

/** The name of a stream in an installer, where one character holds two; tables begin with `!`. */
export function msiName(encoded: string): string {
  let name = '';
  for (const character of encoded) {
    const code = character.codePointAt(0) as number;
    if (code >= 0x3800 && code < 0x4800) {
      name += `${alphabet[(code - 0x3800) & 0x3f]}${alphabet[(code - 0x3800) >> 6]}`;
    } else if (code >= 0x4800 && code < 0x4840) name += alphabet[code - 0x4800];
    else if (code === 0x4840) name += '!';
    else name += character;
  }
  return name;
}

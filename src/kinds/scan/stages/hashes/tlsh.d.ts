declare module 'tlsh' {
  /**
   * @param data one character a byte
   * @throws where the data is too short or too simple for a digest
   */
  export default function tlsh(data: string): string;
}

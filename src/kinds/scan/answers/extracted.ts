/** The artifact of a job with the option `extract`. */
export const extractedName = 'extracted.zip';

interface JobView {
  id: string;
  file_name: string;
  stage: string;
  progress_pct: number;
}

/** A line for each job that an earlier stop interrupted; Temporal and the relay take them up by themselves. */
export async function unfinishedJobs(apiUrl: string): Promise<string[]> {
  const lists = await Promise.all(
    ['running', 'queued'].map(async (phase) => {
      const response = await fetch(`${apiUrl}/api/jobs?phase=${phase}&limit=100`);
      return ((await response.json()) as { items: JobView[] }).items;
    }),
  );
  return lists
    .flat()
    .map(
      ({ id, file_name, stage, progress_pct }) =>
        `Goes on: ${file_name} (job ${id}), ${stage.toLowerCase()}, ${Math.floor(progress_pct)} %.`,
    );
}

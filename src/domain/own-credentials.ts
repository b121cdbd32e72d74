type Environment = Readonly<Record<string, string | undefined>>;

/** Every credential that a process is given by its environment, so that its log can leave it out. */
export function credentialsIn(env: Environment): string[] {
  const { DATABASE_URL: database = '' } = env;
  const password = URL.canParse(database) ? new URL(database).password : '';
  return [
    password,
    decodedOrSame(password),
    env.AWS_SECRET_ACCESS_KEY,
    env.AWS_SESSION_TOKEN,
    env.TEMPORAL_API_KEY,
    env.DOUBLETAKE_WEBHOOK_SECRET,
  ].filter((value) => value !== undefined);
}

function decodedOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

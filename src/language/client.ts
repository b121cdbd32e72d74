import OpenAI, { APIConnectionError, APIError } from 'openai';
import { Stream } from 'openai/streaming';
import { z } from 'zod';
import { faultOf } from '../domain/our-words.ts';
import { EndpointNonsense, EndpointRefused, EndpointUnavailable, isEndpointFailure } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** Where a model is, as an operator configured it. */
export interface LanguageEndpoint {
  /** What it is, in messages: `language model`. */
  name: string;
  /** The base address of an OpenAI-compatible API, such as `http://127.0.0.1:8080/v1`. */
  url: string;
  model: string;
  /** Asked for before each request; none where the endpoint needs none. */
  key?: () => Promise<string>;
  /** Longest a request may take, its answer included. */
  seconds: number;
}

export interface ChatImage {
  media_type: 'image/png' | 'image/jpeg';
  bytes: Uint8Array;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  text: string;
  /** Of a user's message. */
  images?: readonly ChatImage[];
}

export interface LanguageClient {
  readonly model: string;
  /** The endpoint's host, for what is written about where something was sent. */
  readonly host: string;
  /**
   * The whole of the model's answer.
   * @throws EndpointUnavailable, EndpointRefused, EndpointNonsense
   */
  chat(messages: readonly ChatMessage[], signal: AbortSignal): Promise<string>;
  /**
   * One vector for each text, all of one length.
   * @throws EndpointUnavailable, EndpointRefused, EndpointNonsense
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
}

/** Of an answer's body: enough for a hundred embeddings, and an end to what never ends. */
const mostBytes = 16 * 1024 ** 2;
/** Of an answer's text. */
const mostCharacters = 40_000;

const chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

const embeddings = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
});

interface Answer {
  text: string;
  finish: string | null;
}

/**
 * A client of one model. It tries once: whoever calls it tries again, and two layers of tries would multiply. A stream is
 * asked for, and an endpoint that answers in one piece is understood as well.
 */
export function openLanguageClient(endpoint: LanguageEndpoint): LanguageClient {
  const { name, url, model, key, seconds } = endpoint;

  async function open(until: AbortSignal): Promise<OpenAI> {
    return new OpenAI({
      baseURL: url,
      // The library reads what is not given here from variables such as OPENAI_ORG_ID, which are meant for others.
      apiKey: key ? await key() : 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      timeout: seconds * 1000,
      logLevel: 'off',
      // Wherever a redirect leads, nobody agreed that a patient's pictures go there.
      fetchOptions: { redirect: 'manual' },
      // The library's own timeout ends with the headers.
      fetch: async (address, init) => bounded(await fetch(address as string, init), until),
      ...(!key && { defaultHeaders: { authorization: null } }),
    });
  }

  /** Asks, and reads the answer within the same time; whatever goes wrong is one of our failures. */
  async function asking<T>(
    signal: AbortSignal,
    ask: (client: OpenAI, until: AbortSignal) => Promise<Response>,
    read: (response: Response, client: OpenAI) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const late = AbortSignal.timeout(seconds * 1000);
    const until = AbortSignal.any([signal, late]);
    const client = await open(until);
    try {
      return await read(await ask(client, until), client);
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw new EndpointUnavailable(`The ${name} did not answer within ${seconds} s.`);
      throw failureOf(error);
    }
  }

  function failureOf(error: unknown): Error {
    if (isEndpointFailure(error)) return error;
    // Before `APIError`, of which it is one.
    if (error instanceof APIConnectionError) return outOfReach(error);
    if (error instanceof APIError) return ofStatus(error);
    if (error instanceof SyntaxError) return nonsense('JSON that is broken');
    if (error instanceof z.ZodError) return nonsense('JSON that is no answer of this protocol');
    // What is left is thrown while the body is read: the connection broke.
    return outOfReach(error);
  }

  /** The library's own words come before those of the system, and say less. */
  function outOfReach(error: unknown): EndpointUnavailable {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const fault = faultOf(cause) ?? 'the connection broke off';
    return new EndpointUnavailable(`The ${name} is out of reach: ${fault}.`);
  }

  function ofStatus({ status, headers }: APIError): Error {
    // An error in the middle of a stream has none.
    if (status === undefined) return new EndpointUnavailable(`The ${name} reported an error of its own.`);
    if (status === 429)
      return new EndpointUnavailable(
        `The ${name} answers 429: too many requests.`,
        headers && retryAfterMs(headers),
      );
    if (status >= 500 || status === 408 || status === 409 || status === 425)
      return new EndpointUnavailable(
        `The ${name} answers ${status}: it is not well.`,
        headers && retryAfterMs(headers),
      );
    if (status >= 300 && status < 400)
      return new EndpointRefused(
        `The ${name} answers ${status}, a redirect, which is not followed. Set its address to where it is.`,
      );
    const remedy =
      status === 401 || status === 403
        ? 'Check its key.'
        : status === 404
          ? 'Check its address and the name of its model.'
          : 'The request is not one that it takes.';
    return new EndpointRefused(`The ${name} answers ${status}. ${remedy}`);
  }

  function nonsense(what: string): EndpointNonsense {
    return new EndpointNonsense(`The ${name} answered with ${what}.`);
  }

  /** The body until the time is over, or it has become too large. */
  function bounded({ status, headers, body }: Response, until: AbortSignal): Response {
    let bytes = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        bytes += part.byteLength;
        if (bytes > mostBytes) controller.error(nonsense('an answer that is too large'));
        else controller.enqueue(part);
      },
    });
    return new Response(body?.pipeThrough(counting, { signal: until }) ?? null, { status, headers });
  }

  async function readChat(response: Response, client: OpenAI): Promise<Answer> {
    const type = mediaTypeOf(response);
    if (type === 'text/event-stream') return readStream(response, client);
    if (!isJson(type)) throw nonsense(`${type}, where JSON or an event stream was expected`);
    const [choice] = completion.parse(JSON.parse(await response.text())).choices;
    return { text: choice?.message.content ?? '', finish: choice?.finish_reason ?? null };
  }

  async function readStream(response: Response, client: OpenAI): Promise<Answer> {
    let text = '';
    let finish: string | null = null;
    for await (const part of Stream.fromSSEResponse<unknown>(response, new AbortController(), client)) {
      // The last one may have no choices, but say what was used.
      const [choice] = chunk.parse(part).choices;
      text += choice?.delta?.content ?? '';
      finish = choice?.finish_reason ?? finish;
      if (text.length > mostCharacters) throw nonsense('a text that does not end');
    }
    return { text, finish };
  }

  return {
    model,
    host: new URL(url).host,

    chat: (messages, signal) =>
      asking(
        signal,
        (client, until) =>
          client.chat.completions
            .create({ model, stream: true, messages: messages.map(asParam) }, { signal: until })
            .asResponse(),
        async (response, client) => {
          const { text, finish } = await readChat(response, client);
          if (finish === null) throw nonsense('a text that was cut off');
          // Too long, filtered, a tool instead of a text: the same question would be answered the same way.
          if (finish !== 'stop')
            throw new EndpointNonsense(
              `The ${name} did not finish its text${/^[a-z_]{1,30}$/.test(finish) ? ` (${finish})` : ''}.`,
              { retryable: false },
            );
          if (text.length > mostCharacters) throw nonsense('a text that does not end');
          if (text.trim() === '') throw nonsense('an empty text');
          return text;
        },
      ),

    embed: (texts, signal) =>
      asking(
        signal,
        (client, until) =>
          client.embeddings
            .create({ model, input: [...texts], encoding_format: 'float' }, { signal: until })
            .asResponse(),
        async (response) => {
          const type = mediaTypeOf(response);
          if (!isJson(type)) throw nonsense(`${type}, where JSON was expected`);
          const { data } = embeddings.parse(JSON.parse(await response.text()));
          const vectors = [...data].sort((a, b) => a.index - b.index).map(({ embedding }) => embedding);
          const lengths = new Set(vectors.map(({ length }) => length));
          if (vectors.length !== texts.length || lengths.size !== 1)
            throw nonsense('other vectors than were asked for');
          return vectors;
        },
      ),
  };
}

function asParam({ role, text, images = [] }: ChatMessage): OpenAI.ChatCompletionMessageParam {
  if (role !== 'user' || images.length === 0) return { role, content: text };
  return {
    role,
    content: [
      { type: 'text', text },
      ...images.map(({ media_type, bytes }) => ({
        type: 'image_url' as const,
        image_url: { url: `data:${media_type};base64,${Buffer.from(bytes).toString('base64')}` },
      })),
    ],
  };
}

/** A word that may be repeated in a message. */
function mediaTypeOf(response: Response): string {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]{1,40}\/[\w.+-]{1,40}$/.test(type) ? type : 'something without a media type';
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

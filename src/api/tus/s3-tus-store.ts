import { S3Store } from '@tus/s3-store';

type StoreOptions = ConstructorParameters<typeof S3Store>[0];

/**
 * The protocol's store, with `maxConcurrentPartUploads` for each request by itself. It bounds what of a fast upload lies on
 * this machine's disk while S3 is slow; for all requests together it would let a few slow ones keep everybody else
 * waiting, and one that breaks off while it waits would never give its place back.
 */
export class S3TusStore extends S3Store {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    super(options);
    this.#options = options;
  }

  override write(...call: Parameters<S3Store['write']>): Promise<number> {
    const own = new S3TusStore(this.#options);
    own.cache = this.cache;
    own.client = this.client;
    return super.write.apply(own, call);
  }
}

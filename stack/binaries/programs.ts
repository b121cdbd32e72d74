import { download } from './download.ts';
import type { Program } from './find.ts';
import { goInstall } from './go-install.ts';

const goArch = () => ({ x64: 'amd64', arm64: 'arm64' })[process.arch as string] ?? process.arch;

/** 1.9.1, the newest, cannot be built by `go install`: its go.mod replaces a module. */
export const temporalCli: Program = {
  title: 'Temporal CLI',
  file: 'temporal',
  variable: 'TEMPORAL_CLI',
  proof: { args: ['server', 'start-dev', '--help'], says: /--search-attribute[\s\S]*--sqlite-pragma/ },
  sources: [
    download(
      "Temporal's own download",
      () => `https://temporal.download/cli/archive/v1.5.1?platform=${process.platform}&arch=${goArch()}`,
    ),
    goInstall('github.com/temporalio/cli/cmd/temporal@v1.5.1', 'about 4 minutes on two cores'),
  ],
  remedy:
    'Do one of these: install Go 1.25 or newer and start again; install the Temporal CLI (https://docs.temporal.io/cli) so that "temporal" is on PATH; or set TEMPORAL_CLI to its path.',
};

const releaseName = () =>
  `versitygw_v1.8.0_${process.platform === 'darwin' ? 'Darwin' : 'Linux'}_${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;

export const versitygw: Program = {
  title: 'versitygw (S3 server)',
  file: 'versitygw',
  variable: 'VERSITYGW',
  proof: { args: ['posix', '--help'], says: /--sidecar/ },
  sources: [
    goInstall('github.com/versity/versitygw/cmd/versitygw@v1.8.0', 'about a minute'),
    download(
      'its release download',
      () => `https://github.com/versity/versitygw/releases/download/v1.8.0/${releaseName()}.tar.gz`,
    ),
  ],
  remedy:
    'Do one of these: install Go 1.25 or newer and start again; install versitygw (https://github.com/versity/versitygw) so that it is on PATH; or set VERSITYGW to its path.',
};

import { expect, test } from '@jest/globals';
import { camera } from '../../../../src/domain/kinds/camera.ts';
import { readLiveAddress, refusePrivateAddress } from '../../../../src/kinds/camera/live/address.ts';
import { privateHosts } from '../../../activities/webhook/private-hosts.ts';

test('an address is read into its parts, its secrets named or filled in', () => {
  const named = readLiveAddress('rtsp://admin:{secret:YARD}@camera.example/stream?x=1');
  expect(named).toMatchObject({ protocol: 'rtsp', secure: false, host: 'camera.example', port: 554 });
  expect(named.url.pathname + named.url.search).toBe('/stream?x=1');
  expect(readLiveAddress('rtsps://[2001:db8::1]:4322/')).toMatchObject({
    secure: true,
    host: '2001:db8::1',
    port: 4322,
  });
  expect(readLiveAddress('HTTPS://Camera.example/live.m3u8')).toMatchObject({
    protocol: 'hls',
    host: 'camera.example',
    port: 443,
  });
});

test.each([
  'file:///etc/passwd',
  'rtmp://host/x',
  'udp://239.0.0.1:1234',
  'concat:a|b',
  'ftp://host/x.m3u8',
  'data:text/plain,x',
  '/dev/video0',
  '{secret:URL}',
  'rtsp://',
])('%s is refused with the remedy, at the door and at the worker', (url) => {
  expect(() => readLiveAddress(url)).toThrow(/^options\.url: .*rtsp:\/\/ or rtsps:\/\/.*HLS/);
  const parsed = camera.options.safeParse({ url });
  if (url !== 'rtsp://') expect(parsed.error?.issues[0]?.message).toMatch(/rtsp:\/\/ or rtsps:\/\/.*HLS/);
});

test('a refusal repeats nothing of the address', () => {
  for (const url of ['hunter2://admin:hunter2@host/', 'admin:hunter2@host', 'http://:hunter2'])
    expect(() => readLiveAddress(url)).toThrow(/^(?!.*@host)(?!.*admin)(?!.*hunter2)/);
});

test.each(privateHosts)('%s is refused, and the setting is named', (_what, host) => {
  for (const url of [
    `rtsp://${host}/stream`,
    `rtsps://u:{secret:P}@${host}:322/`,
    `http://${host}/live.m3u8`,
  ]) {
    const address = readLiveAddress(url);
    expect(() => refusePrivateAddress(address, false)).toThrow('DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES=allow');
    expect(() => refusePrivateAddress(address, true)).not.toThrow();
  }
});

test('public addresses are not refused', () => {
  for (const host of ['camera.example', '8.8.8.8', '[2606:4700::1111]'])
    expect(() => refusePrivateAddress(readLiveAddress(`rtsp://${host}/`), false)).not.toThrow();
});

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { FLOAT, type OnnxNode, writeOnnx } from '../../../src/media/models/onnx-format.ts';
import { takeOutScaling } from '../../../src/media/models/take-out-scaling.ts';

const run = promisify(execFile);
const file = (name: string) => new URL(`../../../models/${name}`, import.meta.url).pathname;
const runBothWays = new URL('../fixtures/run-both-ways.ts', import.meta.url).pathname;

describe('taking the scaling out of a model', () => {
  it('changes no bit of what the pose model answers', async () => {
    const { stdout } = await run(process.execPath, [
      '--no-warnings',
      runBothWays,
      file('movenet-singlepose-lightning.onnx'),
    ]);
    const { plain, takenOut, scaled } = JSON.parse(stdout);
    expect(plain).toHaveLength((17 * 3 * 4 * 4) / 3);
    expect(takenOut).toBe(plain);
    expect(scaled).toEqual([-1, 0.999969482421875, -1, 0.999969482421875, -1, 0.999969482421875]);
  });

  it('leaves a model alone that takes its pixels as they are', async () => {
    expect(takeOutScaling(await readFile(file('centernet-coco-512.onnx')))).toBeNull();
  });

  it('does each step in single precision, for each channel with its own number', () => {
    const found = takeOutScaling(
      modelOf(
        [
          node('Cast', ['pixels'], 'cast'),
          node('Sub', ['cast', 'means'], 'a'),
          node('Div', ['a', 'by'], 'b'),
        ],
        { means: [10, 20, 30], by: [3] },
      ),
    );
    const at = (channel: number, value: number) => found?.scaled[channel * 256 + value];
    expect([at(0, 11), at(1, 21), at(2, 32)]).toEqual([
      Math.fround(1 / 3),
      Math.fround(1 / 3),
      Math.fround(2 / 3),
    ]);
  });

  it.each([
    ['whose pixels are read twice', [node('Mul', ['pixels', 'by'], 'a'), node('Relu', ['pixels'], 'b')]],
    ['that divides by the pixels', [node('Div', ['by', 'pixels'], 'a')]],
    ['whose factor is computed', [node('Mul', ['pixels', 'elsewhere'], 'a')]],
    ['that only casts', [node('Cast', ['pixels'], 'a')]],
  ])('leaves a model alone %s', (_, nodes) => {
    expect(takeOutScaling(modelOf(nodes, { by: [3] }))).toBeNull();
  });
});

function node(op_type: string, input: string[], output: string): OnnxNode {
  return { op_type, input, output: [output] };
}

function modelOf(nodes: OnnxNode[], constants: Record<string, number[]>): Uint8Array {
  return writeOnnx({
    graph: {
      node: [...nodes, node('Relu', [nodes.at(-1)?.output[0] as string], 'answer')],
      initializer: Object.entries(constants).map(([name, values]) => ({
        name,
        dims: values.length === 1 ? [] : [1, 1, 1, values.length],
        data_type: FLOAT,
        raw_data: new Uint8Array(Float32Array.from(values).buffer),
      })),
      input: [{ name: 'pixels', type: { tensor_type: { elem_type: FLOAT } } }],
    },
  });
}

import { expect, it } from 'vitest';
import { createRedactor } from '../../secrets/redactor.ts';
import { toolResult } from './tool-result.ts';

const image = (data: string, mimeType = 'image/png') => ({ type: 'image' as const, data, mimeType });
const PNG = 'iVBORw0KGgo=';

it('gives a model no image that it would refuse, whatever the server calls it', () => {
  const bad = [image('AAAA'), image('no base64!'), image(''), image('PHN2Zz48L3N2Zz4=')];
  const result = toolResult({ content: [...bad, image(PNG, 'image/gif')] }, (text) => text);
  expect(result.images).toEqual([{ mediaType: 'image/png', base64: PNG }]);
  expect(result.text.split('\n')).toEqual(bad.map(() => '[an image (image/png) was left out]'));
});

it('covers a secret that the cut goes through', () => {
  const text = `${'x'.repeat(19_995)}swordfish${'y'.repeat(50_000)}`;
  const cover = createRedactor({ TOKEN: 'swordfish' }).text;
  const result = toolResult({ content: [{ type: 'text', text }] }, cover);
  expect(result.text).toContain('x[secr');
  expect(result.text).not.toContain('sword');
});

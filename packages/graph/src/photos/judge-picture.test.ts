import { describe, expect, test } from 'vitest';
import { judgePicture } from './judge-picture.js';

const bytes = (...parts: ReadonlyArray<ReadonlyArray<number> | string>): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const u16 = (value: number) => [value >> 8, value & 0xff];
const u32 = (value: number) => [...u16(Math.floor(value / 0x10000)), ...u16(value % 0x10000)];

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const segment = (marker: number, content: ReadonlyArray<number> | string) => {
  const inner = typeof content === 'string' ? [...Buffer.from(content, 'latin1')] : content;
  return [0xff, marker, ...u16(inner.length + 2), ...inner];
};
const frame = (width: number, height: number, marker = 0xc0) =>
  segment(marker, [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0]);
const jpeg = (width: number, height: number, ...rest: ReadonlyArray<ReadonlyArray<number> | string>) =>
  bytes(
    SOI,
    segment(0xe0, 'JFIF\0'),
    frame(width, height),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    [1, 2, 3],
    EOI,
    ...rest,
  );

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const ihdr = (width: number, height: number) => [
  ...u32(13),
  ...Buffer.from('IHDR'),
  ...u32(width),
  ...u32(height),
  8,
  6,
  0,
  0,
  0,
  1,
  2,
  3,
  4,
];
const png = (width: number, height: number, ...rest: ReadonlyArray<ReadonlyArray<number> | string>) =>
  bytes(SIGNATURE, ihdr(width, height), ...rest);

const zipEnd = [0x50, 0x4b, 5, 6, ...Array<number>(18).fill(0)];
const script = '<script>alert(1)</script>';

type Case = readonly [name: string, content: Uint8Array];

const pictures: ReadonlyArray<Case> = [
  ['a JPEG', jpeg(504, 504)],
  ['a JPEG of one pixel', jpeg(1, 1)],
  ['a JPEG as large as may be', jpeg(2048, 2048)],
  ['a progressive JPEG', bytes(SOI, frame(9, 9, 0xc2), EOI)],
  [
    'a JPEG with tables and a comment before its frame',
    bytes(SOI, segment(0xc4, [0, 1]), segment(0xfe, 'me'), frame(9, 9), EOI),
  ],
  ['a JPEG with fill bytes between segments', bytes(SOI, segment(0xe1, 'Exif'), [0xff, 0xff], frame(9, 9), EOI)],
  ['a JPEG with XMP', bytes(SOI, segment(0xe1, '<?xpacket begin?><x:xmpmeta/>'), frame(9, 9), EOI)],
  ['a JPEG with something behind its end', jpeg(9, 9, 'second picture of a phone')],
  ['a PNG', png(504, 504)],
  ['a PNG as large as may be', png(2048, 1)],
];

const notPictures: ReadonlyArray<Case> = [
  ['nothing', bytes()],
  ['one byte', bytes([0xff])],
  ['the placeholder of one pixel (GIF)', bytes('GIF89a', [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x3b])],
  ['an older GIF', bytes('GIF87a', [9, 0, 9, 0])],
  ['a GIF that is JavaScript, too', bytes('GIF89a=1;alert(1)')],
  ['WebP', bytes('RIFF', u32(99), 'WEBPVP8 ')],
  ['AVIF', bytes(u32(32), 'ftypavif')],
  ['HEIC', bytes(u32(24), 'ftypheic')],
  ['a Windows bitmap', bytes('BM', u32(99))],
  ['a bitmap that is HTML, too', bytes('BM<html>')],
  ['TIFF', bytes('II', [42, 0])],
  ['an icon', bytes([0, 0, 1, 0, 1, 0])],
  ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['SVG with a script', bytes(`<svg onload="alert(1)">${script}</svg>`)],
  ['SVG behind a byte order mark', bytes([0xef, 0xbb, 0xbf], '<svg/>')],
  ['XML with an entity', bytes('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x/>')],
  ['HTML', bytes('<!DOCTYPE html><html><body>Sign in</body></html>')],
  ['JSON of an error', bytes('{"error":{"code":"ImageNotFound"}}')],
  ['PDF', bytes('%PDF-1.7')],
  ['a ZIP archive', bytes('PK', [3, 4])],
  ['a Windows program', bytes('MZ', [0x90, 0])],
  ['a Linux program', bytes([0x7f], 'ELF')],
  ['PHP', bytes('<?php system($_GET[0]); ?>')],
  ['PostScript', bytes('%!PS-Adobe-3.0')],
  ['text', bytes('../../../../etc/passwd')],
  ['zeroes', bytes(Array<number>(64).fill(0))],
  ['a JPEG that ends after its first bytes', bytes([0xff, 0xd8, 0xff])],
  ['a JPEG without a frame', bytes(SOI, segment(0xe0, 'JFIF\0'), EOI)],
  ['a JPEG whose scan comes before any frame', bytes(SOI, segment(0xda, [1, 1, 0, 0, 63, 0]), frame(9, 9))],
  ['a JPEG whose frame is cut off', bytes(SOI, [0xff, 0xc0, 0, 11, 8, 0])],
  ['a JPEG whose segment is longer than the file', bytes(SOI, [0xff, 0xe0, 0xff, 0xff, 1])],
  ['a JPEG whose segment has no length', bytes(SOI, [0xff, 0xe0, 0, 0], [0, 0, 0, 0])],
  ['a JPEG of markers without end', bytes(SOI, Array<number>(4096).fill(0xff))],
  ['a JPEG with text where a segment should be', bytes(SOI, [0xff, 0xe0, 0, 4, 0, 0], 'text')],
  ['a JPEG without width', jpeg(0, 9)],
  ['a JPEG without height', jpeg(9, 0)],
  ['a PNG that ends after its signature', bytes(SIGNATURE)],
  ['a PNG without its header', bytes(SIGNATURE, u32(4), 'IDAT', u32(0))],
  ['a PNG whose header is cut off', bytes(SIGNATURE, ihdr(9, 9).slice(0, 12))],
  ['a PNG with a longer header', bytes(SIGNATURE, u32(14), 'IHDR', u32(9), u32(9), Array<number>(10).fill(0))],
  ['a PNG spoiled by a transfer as text', bytes([0x89, 0x50, 0x4e, 0x47, 0x0a, 0x1a, 0x0a], ihdr(9, 9))],
  ['a PNG without width', png(0, 9)],
  ['a PNG without height', png(9, 0)],
  ['a JPEG that is a page, too', jpeg(9, 9, '<html><body>', script)],
  ['a JPEG with a script in its comment', bytes(SOI, segment(0xfe, script), frame(9, 9), EOI)],
  ['a JPEG with PHP in its metadata', bytes(SOI, segment(0xe1, 'Exif<?php eval($_POST[0]);'), frame(9, 9), EOI)],
  ['a JPEG with a link that is a script', bytes(SOI, segment(0xfe, 'JavaScript:alert(1)'), frame(9, 9), EOI)],
  ['a JPEG that is an archive, too', jpeg(9, 9, 'PK', [3, 4], 'a.class', zipEnd)],
  ['a JPEG that is a PDF, too', jpeg(9, 9, '%PDF-1.4')],
  ['a PNG that is a page, too', png(9, 9, '<ScRiPt src=//evil.example>')],
  ['a PNG that is an SVG, too', png(9, 9, '<svg onload=alert(1)>')],
  ['a PNG that is an archive, too', png(9, 9, zipEnd)],
];

const tooLarge: ReadonlyArray<Case> = [
  ['a PNG that promises 65,500 by 65,500', png(65_500, 65_500)],
  ['a PNG that promises as much as its header can', png(0xffffffff, 0xffffffff)],
  ['a PNG that is one pixel too wide', png(2049, 1)],
  ['a PNG that is one pixel too high', png(1, 2049)],
  ['a JPEG that promises as much as its header can', jpeg(65_535, 65_535)],
  ['a JPEG that is one pixel too wide', jpeg(2049, 9)],
  ['a JPEG that is one pixel too high', jpeg(9, 2049)],
  ['a progressive JPEG that promises too much', bytes(SOI, frame(60_000, 60_000, 0xc2), EOI)],
];

describe('FC-67 what is a picture', () => {
  test('the corpus is large enough to mean something', () => {
    expect(notPictures.length + tooLarge.length).toBeGreaterThanOrEqual(50);
  });
  test.each(pictures)('%s', (_name, content) => {
    expect(judgePicture(content)._tag).toBe('Picture');
  });
  test.each(notPictures)('%s is none', (_name, content) => {
    expect(judgePicture(content)).toEqual({ _tag: 'NotAnImage' });
  });
  test.each(tooLarge)('%s is too large, whatever it weighs', (_name, content) => {
    expect(judgePicture(content)).toEqual({ _tag: 'TooLarge' });
  });
  test('four letters that packed bytes hold by chance make a picture no page', () => {
    expect(judgePicture(jpeg(240, 240, [0x3c, 0x53, 0x76, 0x47, 0x07]))).toMatchObject({ _tag: 'Picture' });
    expect(judgePicture(jpeg(240, 240, '<SVG onload=1>'))).toEqual({ _tag: 'NotAnImage' });
  });

  test('a view into a larger buffer is judged by its own bytes', () => {
    const whole = Buffer.concat([Buffer.from(script), png(9, 9), Buffer.from(script)]);
    expect(judgePicture(whole.subarray(script.length, whole.length - script.length))._tag).toBe('Picture');
  });
});

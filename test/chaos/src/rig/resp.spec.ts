import { RespReader } from './resp';

const stream = [
  '*3\r\n$7\r\nEVALSHA\r\n$2\r\nab\r\n$0\r\n\r\n',
  '%1\r\n+server\r\n+redis\r\n',
  '-NOSCRIPT none\r\n',
  '>2\r\n+invalidate\r\n_\r\n',
  '*2\r\n:1\r\n*1\r\n$-1\r\n',
].join('');
const values = [
  { type: '*', value: ['EVALSHA', 'ab', ''] },
  { type: '%', value: ['server', 'redis'] },
  { type: '-', value: 'NOSCRIPT none' },
  { type: '>', value: ['invalidate', null] },
  { type: '*', value: ['1', [null]] },
];

describe('RespReader', () => {
  it('finds the same values wherever the stream is cut into chunks', () => {
    for (let size = 1; size <= stream.length; size++) {
      const reader = new RespReader();
      const found = [];
      for (let at = 0; at < stream.length; at += size) found.push(...reader.read(Buffer.from(stream.slice(at, at + size))));
      expect(found).toEqual(values);
    }
  });

  it('gives a value only when it is all there', () => {
    const reader = new RespReader();
    expect(reader.read(Buffer.from('$5\r\nhell'))).toEqual([]);
    expect(reader.read(Buffer.from('o\r'))).toEqual([]);
    expect(reader.read(Buffer.from('\n'))).toEqual([{ type: '$', value: 'hello' }]);
  });
});

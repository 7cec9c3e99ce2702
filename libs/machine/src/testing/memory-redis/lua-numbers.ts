import lobject from 'fengari/src/lobject.js';
import lstring from 'fengari/src/lstring.js';
import { general } from './numbers';

type ReadNumeral = typeof lobject.luaO_str2num;

const readNumeral: ReadNumeral = lobject.luaO_str2num;
const writeNumber = lobject.luaO_tostring;

/**
 * Redis runs Lua 5.1, where every number is a double. The VM is a 5.3, with integers of 32 bits that silently wrap round, and with
 * doubles that are written `1.0`. While `work` runs, every numeral and every text that is read as a number is a double, and
 * doubles are written as 5.1 writes them. Only then: another user of the VM in this process keeps what he expects.
 *
 * What is left of integers are lengths, positions and counts, and what is reckoned from them alone.
 */
export function withDoubles<T>(work: () => T): T {
  lobject.luaO_str2num = asDouble;
  lobject.luaO_tostring = asLua51;
  try {
    return work();
  } finally {
    lobject.luaO_str2num = readNumeral;
    lobject.luaO_tostring = writeNumber;
  }
}

const asDouble: ReadNumeral = (text, into) => {
  const read = readNumeral(text, into);
  if (read !== 0 && into.ttisinteger()) into.setfltvalue(into.value as number);
  return read;
};

const asLua51: typeof writeNumber = (L, number) => {
  number.setsvalue(lstring.luaS_bless(L, Uint8Array.from(Buffer.from(general(number.value as number, 14), 'latin1'))));
};

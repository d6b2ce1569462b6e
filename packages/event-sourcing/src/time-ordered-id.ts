/**
 * A UUID of version 7 (RFC 9562): 48 bits of time, 74 bits of chance. Ids of one process and the next ascend with time,
 * so a log's index of ids grows at its end; random ids make each append touch as many index pages as it has events.
 *
 * @param random at least 10 random bytes
 */
export const timeOrderedId = (now: Date, random: Uint8Array): string => {
  if (random.length < 10) throw new RangeError('timeOrderedId needs 10 random bytes.');
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

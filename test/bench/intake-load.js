// Posts one body to a server on this machine, again and again, and prints what the answers took as JSON.
//
//   node intake-load.js '{ "port": 8080, "body": "...", "connections": 64, "total": 100000 }'
//   node intake-load.js '{ "port": 8080, "body": "...", "connections": 256, "perSecond": 2000, "seconds": 10 }'
//
// With `total` each connection posts again as soon as it is answered. With `perSecond` requests are due at fixed times,
// whatever the server does, and their time counts from when they were due: a server that stalls is charged for
// everybody who had to wait. One request at a time on a connection, as Graph does.
import { connect } from 'node:net';

const { port, body, connections, total, perSecond, seconds } = JSON.parse(process.argv[2]);
const request = Buffer.from(
  `POST /notifications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);
const wanted = total ?? perSecond * seconds;
const took = new Float64Array(wanted);
const statuses = {};
const idle = [];
const due = [];
let [sent, answered] = [0, 0];

const open = () =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve({ socket, since: 0 }));
    socket.setNoDelay(true);
    socket.on('error', reject);
  });

const pool = await Promise.all(Array.from({ length: connections }, open));
const began = performance.now();

const finished = new Promise((resolve) => {
  const post = (connection, since) => {
    connection.since = since;
    sent += 1;
    connection.socket.write(request);
  };
  const next = (connection) => {
    if (total !== undefined) {
      if (sent < wanted) post(connection, performance.now());
    } else if (due.length > 0) post(connection, due.shift());
    else idle.push(connection);
  };
  for (const connection of pool) {
    connection.socket.on('data', (chunk) => {
      // Every answer here is a head without a body, and fits a packet.
      const status = chunk.toString('latin1', 9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      took[answered] = performance.now() - connection.since;
      answered += 1;
      if (answered === wanted) resolve();
      else next(connection);
    });
    next(connection);
  }
  if (total !== undefined) return;
  let released = 0;
  const release = () => {
    const now = performance.now();
    while (released < wanted && began + (released * 1_000) / perSecond <= now) {
      const since = began + (released * 1_000) / perSecond;
      released += 1;
      if (idle.length > 0) post(idle.shift(), since);
      else due.push(since);
    }
    if (released < wanted) setTimeout(release, 1);
  };
  release();
});
await finished;

const elapsed = performance.now() - began;
for (const { socket } of pool) socket.destroy();
took.sort();
const at = (share) => took[Math.min(wanted - 1, Math.floor(share * wanted))];
process.stdout.write(
  JSON.stringify({
    answered,
    statuses,
    perSecond: (answered * 1_000) / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    most: took[wanted - 1],
  }),
);

'use strict';
// A carrier's SMSC on the smpp package, which shares no code with the node: takes submits, answers with hexadecimal
// ids, sends receipts with the same ids in decimal, and lets people write. Everything on the loopback.
//
//   node server.js SYSTEM_ID PASSWORD LATENCY_MS        prints {"smpp":PORT,"control":PORT}, ends with its standard input
//
// Control, over HTTP: GET /state · POST /write?from=&to=&text= · POST /latency?ms= · POST /restart
const http = require('http');
const smpp = require('smpp');

const [systemId, password] = [process.argv[2], process.argv[3]];
let latency = Number(process.argv[4] || 0);
const UDHI = 0x40;
const WINDOW = 50;

const state = { submits: 0, segments: 0, messages: [], binds: 0, transmitters: 0, receivers: 0, enquiries: 0, acknowledged: 0, unbinds: 0, waiting: 0 };
const partial = new Map();
const outbox = [];
const receivers = new Set();
const sessions = new Set();
let lastId = 0x9a0000;
let server;

function onSession(session) {
  sessions.add(session);
  session.unacknowledged = new Set();
  session.on('bind_transmitter', pdu => bind(session, pdu, 'transmitters', false));
  session.on('bind_receiver', pdu => bind(session, pdu, 'receivers', true));
  session.on('bind_transceiver', pdu => bind(session, pdu, 'transmitters', true));
  session.on('submit_sm', pdu => setTimeout(() => submit(session, pdu), latency));
  session.on('enquire_link', pdu => {
    state.enquiries++;
    session.send(pdu.response());
  });
  session.on('unbind', pdu => {
    state.unbinds++;
    session.send(pdu.response());
    session.close();
  });
  session.on('error', () => session.destroy());
  session.on('close', () => closed(session));
}

function bind(session, pdu, kind, receives) {
  if (pdu.system_id !== systemId || pdu.password !== password) {
    session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }), null, () => session.close());
    return;
  }
  session.kind = kind;
  state.binds++;
  state[kind]++;
  session.send(pdu.response({ system_id: 'foreign' }));
  if (receives) {
    receivers.add(session);
    pump();
  }
}

function closed(session) {
  sessions.delete(session);
  receivers.delete(session);
  if (session.kind) {
    state.binds--;
    state[session.kind]--;
  }
  outbox.unshift(...session.unacknowledged);
  session.unacknowledged.clear();
  pump();
}

function submit(session, pdu) {
  if (!sessions.has(session)) {
    return; // gone meanwhile: the message was never taken
  }
  state.submits++;
  const id = ++lastId;
  keep(pdu);
  session.send(pdu.response({ message_id: id.toString(16).toUpperCase() }));
  if (pdu.registered_delivery & 3) {
    outbox.push({
      source_addr_ton: pdu.dest_addr_ton, source_addr_npi: pdu.dest_addr_npi, source_addr: pdu.destination_addr,
      dest_addr_ton: pdu.source_addr_ton, dest_addr_npi: pdu.source_addr_npi, destination_addr: pdu.source_addr,
      esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:${stamp()} done date:${stamp()} stat:DELIVRD err:000 text:`,
    });
    pump();
  }
}

/** Puts segments together as a telephone does, by sender, destination and reference of the user data header. */
function keep(pdu) {
  state.segments++;
  const message = { to: pdu.destination_addr, from: pdu.source_addr, coding: pdu.data_coding, segments: 1 };
  const header = pdu.esm_class & UDHI ? pdu.short_message.udh.find(e => e[0] === 0x00) : undefined;
  if (!header) {
    state.messages.push({ ...message, text: pdu.short_message.message });
    return;
  }
  const [reference, total, number] = [header[2], header[3], header[4]];
  const key = `${message.to} ${message.from} ${reference} ${total}`;
  const parts = partial.get(key) || new Map();
  parts.set(number, pdu.short_message.message);
  partial.set(key, parts);
  if (parts.size === total) {
    partial.delete(key);
    const text = [...parts.keys()].sort((a, b) => a - b).map(k => parts.get(k)).join('');
    state.messages.push({ ...message, segments: total, text });
  }
}

function pump() {
  for (const session of receivers) {
    while (outbox.length > 0 && session.unacknowledged.size < WINDOW) {
      const delivery = outbox.shift();
      session.unacknowledged.add(delivery);
      // the package writes into what it is given
      session.deliver_sm({ ...delivery }, response => {
        session.unacknowledged.delete(delivery);
        if (response.command_status === 0) {
          state.acknowledged++;
        } else {
          setTimeout(() => { outbox.push(delivery); pump(); }, 500);
        }
        pump();
      });
    }
  }
}

function write(query) {
  outbox.push({
    source_addr_ton: 1, source_addr_npi: 1, source_addr: query.get('from'),
    dest_addr_ton: 3, dest_addr_npi: 0, destination_addr: query.get('to'),
    esm_class: 0, short_message: query.get('text'),
  });
  pump();
}

/** As for an upgrade: says goodbye, closes, and listens on the same port a second later. What it took it still knows. */
function restart() {
  const port = server.address().port;
  server.close();
  for (const session of sessions) {
    session.unbind(() => session.close());
    setTimeout(() => session.destroy(), 300);
  }
  setTimeout(() => listen(port), 1000);
}

function listen(port, then) {
  server = smpp.createServer(onSession);
  server.on('error', error => { console.error(error.message); process.exit(1); });
  server.listen(port, '127.0.0.1', then);
}

function stamp() {
  return new Date().toISOString().replace(/[-T:]/g, '').substring(2, 12);
}

const control = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  if (url.pathname === '/write') {
    write(url.searchParams);
  } else if (url.pathname === '/latency') {
    latency = Number(url.searchParams.get('ms'));
  } else if (url.pathname === '/restart') {
    restart();
  } else if (url.pathname !== '/state') {
    response.statusCode = 404;
  }
  state.waiting = outbox.length;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(state));
});

listen(0, () => control.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ smpp: server.address().port, control: control.address().port }))));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

// A mail server in a process of its own, for those who send: takes what comes and says it on its standard output, a line of JSON for each
// message, written before the sender is told that it is taken.
//
//   node e2e/harness/mail-server.mjs '{"port":0,"tls":"none|starttls|tls","key":"…","cert":"…","user":"…","password":"…"}'
//
// Recipients tell it what to do with them: refused@ is refused for good, later@ each first time only.
import { readFileSync } from "node:fs";
import { simpleParser } from "./mail-parser.mjs";
import { SMTPServer } from "smtp-server";

const options = JSON.parse(process.argv[2] ?? "{}");
const { port = 0, tls = "none", user, password } = options;
const seen = new Set();

/** @param {number} code @param {string} text */
const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  secure: tls === "tls",
  ...(tls === "none" ? { hideSTARTTLS: true } : { key: readFileSync(options.key), cert: readFileSync(options.cert) }),
  authOptional: user === undefined,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  logger: false,
  onAuth(auth, _session, answer) {
    if (auth.username === user && auth.password === password) answer(null, { user });
    else answer(refusal(535, "wrong name or password"));
  },
  onRcptTo({ address }, _session, answer) {
    if (address.startsWith("refused@")) return answer(refusal(550, "no such person here"));
    if (address.startsWith("later@") && !seen.has(address)) {
      seen.add(address);
      return answer(refusal(451, "come again later"));
    }
    answer();
  },
  onData(stream, session, answer) {
    /** @type {Buffer[]} */
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const raw = Buffer.concat(parts).toString("utf8");
      const to = session.envelope.rcptTo.map((one) => one.address);
      const line = JSON.stringify({ to, secure: session.secure, at: Date.now(), connection: session.id, raw, ...simpleParser(raw) });
      process.stdout.write(`${line}\n`, () => answer());
    });
  },
});
server.on("error", () => {});
server.listen(port, "127.0.0.1", () => {
  const address = server.server.address();
  process.stdout.write(`${JSON.stringify({ listening: typeof address === "object" && address ? address.port : port })}\n`);
});
process.on("disconnect", () => process.exit(0));

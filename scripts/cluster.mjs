// PostgreSQL servers that may be treated badly: stopped, killed, frozen, filled up, copied to a standby and promoted.
import { execFile, spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../e2e/harness/receiver.mjs";

const run = promisify(execFile);

/** The owner of the server's files: it does not work for root. @returns {Promise<{uid?: number, gid?: number}>} */
async function owner() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "stagecraft-test"]) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => undefined);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error("there is neither a user postgres nor stagecraft-test: scripts/with-postgres.sh makes one");
}

/** @param {string} program */
async function find(program) {
  const { stdout } = await run(fileURLToPath(new URL("ensure-postgres.sh", import.meta.url)));
  return path.join(stdout.trim(), program);
}

export class Cluster {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  #log = "";

  /** @param {string} home @param {number} port @param {string[]} settings @param {string | undefined} mount */
  constructor(home, port, settings, mount) {
    this.home = home;
    this.data = path.join(home, "data");
    this.port = port;
    this.settings = settings;
    this.mount = mount;
  }

  /** Its address for one database. @param {string} [name] */
  url(name = "postgres") {
    return `postgres://postgres@127.0.0.1:${this.port}/${name}`;
  }

  /**
   * An empty server that runs; `megabytes` gives it a disk of its own of that size.
   * @param {{megabytes?: number, settings?: string[]}} [how]
   */
  static async make({ megabytes, settings = [] } = {}) {
    const ids = await owner();
    const home = await mkdtemp(path.join(tmpdir(), "stagecraft-cluster-"));
    if (ids.uid !== undefined) await chown(home, ids.uid, ids.gid ?? ids.uid);
    let mount;
    if (megabytes) {
      mount = path.join(home, "disk");
      await mkdir(mount);
      await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m${ids.uid === undefined ? "" : `,uid=${ids.uid},gid=${ids.gid},mode=700`}`, "tmpfs", mount]);
    }
    const cluster = new Cluster(mount ?? home, await freePort(), settings, mount);
    cluster.around = home;
    await cluster.#program("initdb", ["-D", cluster.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    await cluster.start();
    return cluster;
  }

  /** What is removed in the end. */
  around = "";

  /** A standby that follows this one. @param {string[]} [settings] */
  async standby(settings = []) {
    const ids = await owner();
    const home = await mkdtemp(path.join(tmpdir(), "stagecraft-cluster-"));
    if (ids.uid !== undefined) await chown(home, ids.uid, ids.gid ?? ids.uid);
    const other = new Cluster(home, await freePort(), settings, undefined);
    other.around = home;
    await other.#program("pg_basebackup", ["-d", this.url(), "-D", other.data, "-R", "-X", "stream", "-c", "fast"]);
    await other.start();
    return other;
  }

  /** @param {string} program @param {string[]} words */
  async #program(program, words) {
    await run(await find(program), words, { ...(await owner()), cwd: "/", env: { ...process.env, HOME: "/" } });
  }

  async start() {
    const settings = [
      "listen_addresses=127.0.0.1",
      `port=${this.port}`,
      "unix_socket_directories=",
      "fsync=off",
      "shared_buffers=64MB",
      "max_connections=100",
      "autovacuum_naptime=600",
      ...this.settings,
    ];
    const words = ["-D", this.data, ...settings.flatMap((one) => ["-c", one])];
    const child = spawn(await find("postgres"), words, { ...(await owner()), cwd: "/", env: { ...process.env, HOME: "/" }, stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    child.stderr?.on("data", (bytes) => (this.#log = (this.#log + bytes).slice(-20_000)));
    const gone = new Promise((resolve) => child.once("exit", resolve));
    for (let tries = 0; ; tries += 1) {
      if (child.exitCode !== null || child.signalCode !== null || tries > 600) {
        await gone;
        throw new Error(`PostgreSQL did not start:\n${this.#log}`);
      }
      if (/database system is ready to accept (read-only )?connections/.test(this.#log)) return;
      await pause(50);
    }
  }

  /** What it has said of late. */
  log() {
    return this.#log;
  }

  /** Ends it: `fast` breaks all connections and writes everything down, `immediate` is a fall. @param {"fast" | "immediate"} mode */
  async stop(mode) {
    const child = this.#child;
    this.#log = "";
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
    await gone;
  }

  /** Freezes it with all its connections, or lets it go on. @param {boolean} frozen */
  async freeze(frozen) {
    const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(this.#child?.pid)]);
    for (const pid of [this.#child?.pid, ...stdout.trim().split(/\s+/).map(Number)]) {
      if (pid) process.kill(pid, frozen ? "SIGSTOP" : "SIGCONT");
    }
  }

  /** Makes a standby the primary. */
  async promote() {
    await this.#program("pg_ctl", ["-D", this.data, "-w", "-t", "60", "promote"]);
  }

  /** What its process file says: whether it runs at all. */
  async runs() {
    const text = await readFile(path.join(this.data, "postmaster.pid"), "utf8").catch(() => "");
    return text !== "" && this.#child?.exitCode === null;
  }

  async end() {
    await this.stop("immediate");
    if (this.mount) await run("umount", [this.mount]);
    await rm(this.around, { recursive: true, force: true });
  }
}
